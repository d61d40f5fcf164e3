import * as z from 'zod'
import { LANGUAGES } from './finding.ts'
import { SAYS_HTTP, says } from './says.ts'

/** Forgejo has Gitea's API. */
export const COMMIT_STATUS_PROVIDERS = ['github', 'gitlab', 'gitea', 'gitee'] as const
export type CommitStatusProvider = (typeof COMMIT_STATUS_PROVIDERS)[number]

/** How a hook's git server is told how the builds of a commit stand. */
export const commitStatusSchema = z
  .strictObject({
    provider: z.enum(COMMIT_STATUS_PROVIDERS),
    /** Base of its API; without it the one that the repository's host has by default. */
    api: z
      .url({ protocol: /^https?$/, ...SAYS_HTTP })
      .max(2048)
      .refine(
        (api) => !/[?#]/.test(api) && !/^[^/]*\/\/[^/]*@/.test(api),
        says({ en: 'must have no query and no user', zh: '不能含有查询参数和用户名' }),
      )
      .optional(),
    /** Write-only: may set statuses of the repository. */
    token: z.string().regex(
      /^[\x21-\x7e]{1,1024}$/,
      says({
        en: 'must be 1 to 1024 visible ASCII characters',
        zh: '应为 1 到 1024 个可见的 ASCII 字符',
      }),
    ),
    language: z
      .enum(LANGUAGES)
      .optional()
      .describe('Of what the commit is told, for all who see it; without it English.'),
  })
  .meta({ id: 'CommitStatus' })

export type CommitStatus = z.output<typeof commitStatusSchema>

/** Of a build that a delivery asked for: where its state is told as a commit status. */
export interface StatusTarget {
  /** Id of the hook whose token is used. */
  hook: string
  provider: CommitStatusProvider
  /**
   * Of the hook, never what a delivery says: the token goes to its host. https, ssh or
   * `git@host:owner/name.git`.
   */
  repository: string
  /** All 40 or 64 hexadecimal digits. */
  commit: string
}
