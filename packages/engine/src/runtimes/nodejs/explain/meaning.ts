import type { FailureCode } from '@packline/shared'

/** What a package manager's words mean. */
export interface Meaning {
  /** Found in what it said; its first group is what the message names. */
  pattern: RegExp
  code: FailureCode
  detail: (stage: string, named: string) => string
  hint?: string
}

/** Node.js's own words for a server that does not answer, or is not who it should be. */
export const UNREACHABLE =
  'ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|ESOCKETTIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|' +
  'EPIPE|ERR_SOCKET_TIMEOUT|ERR_SSL\\w*|EPROTO|CERT_\\w+|SELF_SIGNED_CERT_IN_CHAIN|' +
  'DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\\w+'

export const notFound = (stage: string, named: string) =>
  `${stage} found no ${named} in the registry`
export const notReached = (stage: string, named: string) =>
  `${stage} could not reach the registry (${named})`
export const TRY_AGAIN =
  'The build is tried again; where it stays away, look at PACKLINE_REGISTRIES.'
