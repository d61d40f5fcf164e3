import type { Runtime } from '../runtime.ts'
import { check } from './check.ts'
import { collect } from './collect.ts'
import { components } from './components.ts'
import { detect } from './detect.ts'
import { explain } from './explain.ts'
import { load } from './load.ts'
import { plan } from './plan.ts'

/** Go: compiled to a plugin or an executable at the root. */
export const go: Runtime = {
  id: 'go',
  detect,
  // The source has none of them yet: `check` looks for them in the finished package.
  entries: () => [],
  plan,
  collect,
  check,
  components,
  load,
  explain,
}
