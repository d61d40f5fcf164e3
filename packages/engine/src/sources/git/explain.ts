import { failed, type PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import { gitFailures } from '../../texts/failures/git.ts'
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
const KEY_REFUSED =
  /Permission denied|Load key|Too many authentication failures|no matching host key/
const WRONG_HOST = /Host key verification failed/
const NO_SSH = /cannot run ssh/
const REFUSED =
  /transport '.*' not allowed|Protocol .* (?:not supported|disabled)|returned error: 403|(?:code|response) 403|redirect/
const UNREACHABLE =
  /could not resolve (?:host|proxy)|failed to connect|couldn't connect|connection (?:timed out|refused|reset)|timed? ?out|empty reply|SSL|TLS|certificate|returned error: 5\d\d|too slow|RPC failed|early EOF|hung up|unable to access|kex_exchange|was refused: HTTP/i
const NOT_GIVEN =
  /not our ref|unadvertised object|dumb http transport does not support|shallow|no such remote ref/i

/** Whether the server might give the commit with all its history, but not alone. */
export function mayGiveHistory({ stderr }: ToolResult): boolean {
  return NOT_GIVEN.test(stderr)
}

/** What a server says that would have given the commit alone. */
export function isNotThere({ stderr }: ToolResult): boolean {
  return /not our ref/.test(stderr)
}

/** A failed git command as its user reads it. */
export function explain(result: ToolResult, { remote, ref }: Asked): PacklineError {
  const { stderr, output, refused } = result
  const where = remote.kind === 'host' ? remote.url : remote.path
  const told = { output: output.slice(-10) }
  if (NO_REF.test(stderr) || NOT_GIVEN.test(stderr)) {
    return failed('SOURCE_NOT_FOUND', gitFailures.noRef(where, ref), told)
  }
  const host = remote.kind === 'host' ? remote.host : where
  const reach = remote.kind === 'host' ? remote.reach : []
  if (reach.some((one) => refused?.includes(`${one.host}:${one.port}`))) {
    return failed('SOURCE_NOT_ALLOWED', gitFailures.notPublic(host), told)
  }
  if (WRONG_HOST.test(stderr)) {
    return failed('SOURCE_NOT_ALLOWED', gitFailures.otherHostKey(host), told)
  }
  if (KEY_REFUSED.test(stderr)) {
    return failed('SOURCE_NOT_ALLOWED', gitFailures.keyRefused(host), told)
  }
  if (NO_SSH.test(stderr)) return failed('TOOL_MISSING', gitFailures.noSsh(), told)
  if (NO_REPOSITORY.test(stderr)) {
    return failed('SOURCE_NOT_FOUND', gitFailures.noRepository(where), told)
  }
  if (REFUSED.test(stderr)) return failed('SOURCE_NOT_ALLOWED', gitFailures.refuses(where), told)
  const isSilent = UNREACHABLE.test(stderr)
  return failed('SOURCE_UNREACHABLE', gitFailures.unreachable(host, isSilent), told)
}
