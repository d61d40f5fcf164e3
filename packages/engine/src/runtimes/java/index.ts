import type { Runtime } from '../runtime.ts'
import { check } from './check.ts'
import { collect } from './collect.ts'
import { components } from './components.ts'
import { detect } from './detect.ts'
import { explain } from './explain.ts'
import { load } from './load.ts'
import { entries, plan } from './plan.ts'

/** Java: one jar, or a ZIP with the function's jar and its libraries at the root. */
export const java: Runtime = {
  id: 'java',
  detect,
  entries,
  plan,
  collect,
  check,
  components,
  load,
  explain,
}
