import { PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import type { Remote } from './remote.ts'

/** What was asked for, in words that hold no more than the request said. */
export interface Asked {
  remote: Remote
  ref: string
}

const NO_REF =
  /couldn't find remote ref|remote branch .* not found|unknown revision|needed a single/i
const NO_REPOSITORY =
  /repository '.*' not found|not a git repository|does not appear to be a git repository|could not read (?:Username|Password)|Authentication failed|returned error: (?:401|404|410)|not valid: is this a git repository/
const REFUSED = /transport '.*' not allowed|returned error: 403|(?:code|response) 403|redirect/
const UNREACHABLE =
  /could not resolve (?:host|proxy)|failed to connect|couldn't connect|connection (?:timed out|refused|reset)|timed? ?out|empty reply|SSL|TLS|certificate|returned error: 5\d\d|too slow|RPC failed|early EOF|hung up|unable to access/i
const NOT_GIVEN =
  /not our ref|unadvertised object|dumb http transport does not support|shallow|no such remote ref/i

/** Whether the server might give the commit with all its history, but not alone. */
export function mayGiveHistory({ stderr }: ToolResult): boolean {
  return NOT_GIVEN.test(stderr)
}

/** A failed git command as its user reads it. */
export function explain({ stderr, output }: ToolResult, { remote, ref }: Asked): PacklineError {
  const where = remote.kind === 'host' ? remote.url : remote.path
  const told = { output: output.slice(-10) }
  if (NO_REF.test(stderr) || NOT_GIVEN.test(stderr)) {
    const what = ref === 'HEAD' ? 'no commit' : `no branch, tag or commit "${ref}"`
    return new PacklineError('SOURCE_NOT_FOUND', `${where} has ${what}`, {
      hint: 'Name a branch, a tag, or a commit id in full (40 characters).',
      ...told,
    })
  }
  if (NO_REPOSITORY.test(stderr)) {
    return new PacklineError('SOURCE_NOT_FOUND', `There is no repository at ${where}`, {
      hint: 'Look at the address. Hosts give the same answer for private repositories.',
      ...told,
    })
  }
  if (REFUSED.test(stderr)) {
    return new PacklineError('SOURCE_NOT_ALLOWED', `${where} refuses, or leads elsewhere`, {
      hint: 'Give the address that the repository has now, over https.',
      ...told,
    })
  }
  const host = remote.kind === 'host' ? remote.host : where
  const what = UNREACHABLE.test(stderr) ? 'did not answer as a git server' : 'could not be read'
  return new PacklineError('SOURCE_UNREACHABLE', `${host} ${what}`, {
    hint: 'The output has what git says; the build is tried again by itself.',
    ...told,
  })
}
