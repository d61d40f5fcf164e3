import type { FailureCode, Words } from '@packline/shared'
import { INSTALL_HINTS, INSTALL_SAYS } from '../../../texts/failures/nodejs.ts'

/** What a package manager's words mean. */
export interface Meaning {
  /** Found in what it said; its first group is what the message names. */
  pattern: RegExp
  code: FailureCode
  detail: (stage: string, named: string) => Words
  hint?: Words
  /** Finds the dependency that it is about, where `pattern` names another thing. */
  /** Finds the dependency that it is about, where `pattern` names another thing. */
  about?: RegExp
}

/** Node.js's own words for a server that does not answer, or is not who it should be. */
export const UNREACHABLE =
  'ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|ESOCKETTIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|' +
  'EPIPE|ERR_SOCKET_TIMEOUT|ERR_SSL\\w*|EPROTO|CERT_\\w+|SELF_SIGNED_CERT_IN_CHAIN|' +
  'DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\\w+'

/** The last of each list: the words are those of the operating system. */
export const DISK_FULL: Meaning = {
  pattern: /(ENOSPC|EDQUOT)/,
  code: 'DISK_FULL',
  detail: INSTALL_SAYS.noSpace,
  hint: INSTALL_HINTS.disk,
}
