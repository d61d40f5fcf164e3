import type { CommitStatus, StatusTarget } from '@packline/shared'
import type { Message } from '../post.ts'
import type { RepositoryPlace } from './repository-place.ts'

/** How the build of a commit stands, in nobody's words. */
export type CommitState = 'pending' | 'success' | 'failure' | 'error' | 'cancelled'

export interface StatusToSet {
  target: StatusTarget
  place: RepositoryPlace
  /** Base of the API, without a slash at its end. */
  api: string
  token: CommitStatus['token']
  state: CommitState
  /** Of all that the same commit is told: `packline/FUNCTION`, or `packline` for the push. */
  context: string
  description: string
  /** Where people look at the build. */
  link?: string
  /** What the provider called it when it was told before. */
  reference?: string
}

/** One git server's API for statuses of commits. */
export interface StatusProvider {
  /** Base of its API where the hook names none. */
  apiOf(host: string): string
  /** What is sent for a state, as its documentation says. */
  messageOf(status: StatusToSet): Message
}
