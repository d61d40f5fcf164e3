import type { Runtime } from '../runtime.ts'
import { check } from './check.ts'
import { collect } from './collect.ts'
import { components } from './components.ts'
import { detect } from './detect.ts'
import { explain } from './explain.ts'
import { load } from './load.ts'
import { plan } from './plan.ts'

/** A runtime of the user's own: `bootstrap` at the root, started by the platform. */
export const custom: Runtime = {
  id: 'custom',
  detect,
  // A command may be yet to make it: `check` looks for it in the finished package.
  entries: () => [],
  plan,
  collect,
  check,
  components,
  load,
  explain,
}
