import type { RuntimeName } from '@packline/shared'
import { custom } from './custom/index.ts'
import { go } from './go/index.ts'
import { java } from './java/index.ts'
import { nodejs } from './nodejs/index.ts'
import { python } from './python/index.ts'
import type { Runtime } from './runtime.ts'

export const RUNTIMES = {
  nodejs,
  python,
  java,
  go,
  custom,
} satisfies Record<RuntimeName, Runtime>
