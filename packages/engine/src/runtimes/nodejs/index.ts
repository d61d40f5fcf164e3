import type { Runtime } from '../runtime.ts'
import { check } from './check.ts'
import { collect } from './collect.ts'
import { detect } from './detect.ts'
import { load } from './load.ts'
import { entries, explain, plan } from './plan.ts'

/** Node.js: code at the root, dependencies in node_modules/ beside it. */
export const nodejs: Runtime = {
  id: 'nodejs',
  detect,
  entries,
  plan,
  collect,
  check,
  load,
  explain,
}
