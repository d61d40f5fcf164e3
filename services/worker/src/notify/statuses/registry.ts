import type { CommitStatusProvider } from '@packline/shared'
import { gitea } from './gitea.ts'
import { gitee } from './gitee.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import type { StatusProvider } from './provider.ts'

export const STATUS_PROVIDERS = {
  github,
  gitlab,
  gitea,
  gitee,
} satisfies Record<CommitStatusProvider, StatusProvider>
