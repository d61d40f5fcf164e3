import type { Readable } from 'node:stream'
import type { Destination } from './allow-list.ts'

/** A request to an address that somebody else chose. */
export interface OutboundRequest {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH'
  /** To another origin, a redirect takes only what can let nobody in. */
  headers?: Readonly<Record<string, string>>
  /** Is sent once: a redirect of a POST or PUT is not followed, it is the answer. */
  body?: string | Buffer
  signal: AbortSignal
  /** Until the headers are there, and between two pieces of the body (default 30 s). */
  timeoutMs?: number
  /** Default 5. */
  redirectsMax?: number
  /** Of the answer's body; more ends it with BODY_TOO_LARGE. */
  bytesMax: number
}

export interface OutboundAnswer {
  status: number
  headers: Readonly<Record<string, string>>
  /** Must be read or destroyed. */
  body: Readable
  /** After redirects. */
  url: string
}

/**
 * Makes checked connections: https unless allowed, public addresses unless allow-listed, checked in
 * the connection itself (so that no name can be bound anew) and at every redirect.
 */
export interface Outbound {
  /** Whether the operator lets it be private and without TLS. */
  allows(destination: Destination): boolean
  /** Throws SOURCE_NOT_ALLOWED for what can be told from an address before it is resolved. */
  check(url: string): void
  /** Throws SOURCE_NOT_ALLOWED for addresses, SOURCE_UNREACHABLE where nothing answers. */
  request(url: string, request: OutboundRequest): Promise<OutboundAnswer>
}
