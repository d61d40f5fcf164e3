import type { Telling } from '@packline/records'
import { type CommitStatus, PacklineError } from '@packline/shared'
import { post } from './post.ts'
import type { Heard, Surroundings } from './sending.ts'
import { describeState, stateOf } from './statuses/describe-state.ts'
import type { StatusProvider } from './statuses/provider.ts'
import { STATUS_PROVIDERS } from './statuses/registry.ts'
import { repositoryPlace } from './statuses/repository-place.ts'

type Status = Extract<Telling, { kind: 'commit-status' }>

/** Tells the hook's git server how what it pushed stands. `access`: undefined: none now. */
export async function sendStatus(
  { target, of, reference }: Status,
  access: CommitStatus | undefined,
  surroundings: Surroundings,
): Promise<Heard> {
  if (!access) {
    throw new PacklineError('NOT_FOUND', 'The hook has no token for statuses any more')
  }
  const place = repositoryPlace(target.repository)
  const provider: StatusProvider = STATUS_PROVIDERS[access.provider]
  const message = provider.messageOf({
    target,
    place,
    api: (access.api ?? provider.apiOf(place.host)).replace(/\/+$/, ''),
    token: access.token,
    state: stateOf(of),
    context: of.function ? `packline/${of.function}` : 'packline',
    description: describeState(of, access.language),
    link: of.build && surroundings.buildUrl?.replaceAll('{build}', of.build),
    reference,
  })
  return post(message, surroundings)
}
