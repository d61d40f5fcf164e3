import type { Providers } from '../provider.ts'
import { generic } from './generic.ts'
import { gitea } from './gitea.ts'
import { gitee } from './gitee.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'

/** Every git server that can tell us of a push; one that is missing does not compile. */
export const PROVIDERS = { github, gitlab, gitea, gitee, generic } satisfies Providers
