import type { CommitState, StatusProvider } from './provider.ts'
import { encodedPath } from './repository-place.ts'

/** A check run is under way, or ended with a conclusion. */
const CONCLUSIONS: Readonly<
  Record<Exclude<CommitState, 'pending'>, 'success' | 'failure' | 'cancelled'>
> = {
  success: 'success',
  failure: 'failure',
  error: 'failure',
  cancelled: 'cancelled',
}

/**
 * Gitee has no statuses of commits but check runs (https://gitee.com/api/v5/swagger, Checks): one
 * is made when the build is accepted and changed when it has ended.
 */
export const gitee: StatusProvider = {
  apiOf: (host) => `https://${host}/api/v5`,
  messageOf: ({ api, place, target, token, state, context, description, link, reference }) => {
    const runs = `${api}/repos/${encodedPath(place.path)}/check-runs`
    const said = state === 'pending' ? { status: 'queued' } : ended(state)
    const output = { title: context, summary: description }
    const run = { access_token: token, name: context, details_url: link, ...said, output }
    return {
      method: reference === undefined ? 'POST' : 'PATCH',
      url: reference === undefined ? runs : `${runs}/${encodeURIComponent(reference)}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(reference === undefined ? { ...run, head_sha: target.commit } : run),
      readReference: idOf,
    }
  },
}

function ended(state: Exclude<CommitState, 'pending'>) {
  return { status: 'completed', conclusion: CONCLUSIONS[state] }
}

function idOf(answer: unknown): string | undefined {
  const id = typeof answer === 'object' && answer !== null && Reflect.get(answer, 'id')
  return typeof id === 'number' && Number.isSafeInteger(id) ? String(id) : undefined
}
