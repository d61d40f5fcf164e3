import type { Runtime } from '../runtime.ts'
import { check } from './check.ts'
import { collect } from './collect.ts'
import { components } from './components.ts'
import { detect } from './detect.ts'
import { explain } from './explain.ts'
import { load } from './load.ts'
import { entries, plan } from './plan.ts'

/** Python: code at the root, dependencies beside it as in site-packages. */
export const python: Runtime = {
  id: 'python',
  detect,
  entries,
  plan,
  collect,
  check,
  components,
  load,
  explain,
}
