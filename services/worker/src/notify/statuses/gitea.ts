import type { CommitState, StatusProvider } from './provider.ts'
import { encodedPath } from './repository-place.ts'

/** Its `skipped` came later than servers that are still in use, and would pass for a success. */
const STATES: Readonly<Record<CommitState, 'pending' | 'success' | 'failure' | 'error'>> = {
  pending: 'pending',
  success: 'success',
  failure: 'failure',
  error: 'error',
  cancelled: 'error',
}

/** repoCreateStatus of the API's own description; Forgejo has the same. */
export const gitea: StatusProvider = {
  apiOf: (host) => `https://${host}/api/v1`,
  messageOf: ({ api, place, target, token, state, context, description, link }) => ({
    method: 'POST',
    url: `${api}/repos/${encodedPath(place.path)}/statuses/${target.commit}`,
    headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ state: STATES[state], target_url: link, description, context }),
  }),
}
