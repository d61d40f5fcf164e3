import type { CommitState, StatusProvider } from './provider.ts'

const STATES: Readonly<Record<CommitState, 'pending' | 'success' | 'failed' | 'canceled'>> = {
  pending: 'pending',
  success: 'success',
  failure: 'failed',
  // It has one word for both.
  error: 'failed',
  cancelled: 'canceled',
}

/** https://docs.gitlab.com/api/commits/#set-commit-pipeline-status; token with the scope api. */
export const gitlab: StatusProvider = {
  apiOf: (host) => `https://${host}/api/v4`,
  messageOf: ({ api, place, target, token, state, context, description, link }) => ({
    method: 'POST',
    url: `${api}/projects/${encodeURIComponent(place.path)}/statuses/${target.commit}`,
    headers: { 'private-token': token, 'content-type': 'application/json' },
    body: JSON.stringify({ state: STATES[state], name: context, target_url: link, description }),
  }),
}
