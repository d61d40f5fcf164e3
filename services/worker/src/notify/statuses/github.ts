import type { CommitState, StatusProvider } from './provider.ts'
import { encodedPath } from './repository-place.ts'

/** "Create a commit status" knows these four; a build that was called off has no verdict. */
const STATES: Readonly<Record<CommitState, 'pending' | 'success' | 'failure' | 'error'>> = {
  pending: 'pending',
  success: 'success',
  failure: 'failure',
  error: 'error',
  cancelled: 'error',
}

/** https://docs.github.com/rest/commits/statuses; token with statuses:write or repo:status. */
export const github: StatusProvider = {
  apiOf: (host) => (host === 'github.com' ? 'https://api.github.com' : `https://${host}/api/v3`),
  messageOf: ({ api, place, target, token, state, context, description, link }) => ({
    method: 'POST',
    url: `${api}/repos/${encodedPath(place.path)}/statuses/${target.commit}`,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'x-github-api-version': '2022-11-28',
    },
    body: JSON.stringify({ state: STATES[state], target_url: link, description, context }),
  }),
}
