import type { Runtime } from '../runtime.ts'
import { check } from './check.ts'
import { collect } from './collect.ts'
import { components } from './components.ts'
import { detect } from './detect.ts'
import { explain } from './explain.ts'
import { load } from './load.ts'
import { entries, plan } from './plan.ts'

/** Node.js: code at the root, dependencies in node_modules/ beside it. */
export const nodejs: Runtime = {
  id: 'nodejs',
  detect,
  entries,
  plan,
  collect,
  check,
  components,
  load,
  explain,
}
