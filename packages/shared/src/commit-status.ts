import * as z from 'zod'
import { LANGUAGES } from './finding.ts'

/** Forgejo has Gitea's API. */
export const COMMIT_STATUS_PROVIDERS = ['github', 'gitlab', 'gitea', 'gitee'] as const
export type CommitStatusProvider = (typeof COMMIT_STATUS_PROVIDERS)[number]

/** How a hook's git server is told how the builds of a commit stand. */
export const commitStatusSchema = z
  .strictObject({
    provider: z.enum(COMMIT_STATUS_PROVIDERS),
    /** Base of its API; without it the one that the repository's host has by default. */
    api: z
      .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
      .max(2048)
      .refine((api) => !/[?#]/.test(api) && !/^[^/]*\/\/[^/]*@/.test(api), {
        error: 'must have no query and no user',
      })
      .optional(),
    /** Write-only: may set statuses of the repository. */
    token: z.string().regex(/^[\x21-\x7e]{1,1024}$/, {
      error: 'must be 1 to 1024 visible ASCII characters',
    }),
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
