import type { AuditKind, FailureCode, Scope } from '@packline/shared'
import type * as z from 'zod'

/** What differs from the rule: answers 200 with JSON, needs a key. */
export interface Particulars {
  /** What a caller should know before. */
  note?: string
  body?: z.ZodType
  /** The body may also be lines, each a JSON value of this kind. */
  lines?: z.ZodType
  query?: z.ZodObject
  /** The body of the answer, where it is JSON. */
  answer?: z.ZodType
  status?: number
  /** The answer's types, where it is no JSON. */
  types?: readonly string[]
  /** The answer is, or may be, a stream of these, which `Last-Event-ID` resumes. */
  events?: z.ZodType
  /** The answer has an ETag, and is 304 where the caller has it. */
  etag?: boolean
  /** Texts of the answer are in the language that Accept-Language asks for. */
  spoken?: boolean
  /** 201 where it was not there before. */
  created?: boolean
  /** The body is the content of a file. */
  bytes?: boolean
  /** Takes If-Match, and answers the ETag of what it has made. */
  conditional?: boolean
  /** The body is an archive. */
  upload?: boolean
  /** Takes an Idempotency-Key. */
  keyed?: boolean
  /** Needs no key. */
  open?: boolean
  /** Needs a key of this scope; without it what its method says. */
  scope?: Scope
  /** Who did it is noted when it went well. */
  audited?: AuditKind
  /** Answered from what the process knows: Redis may be away. */
  known?: boolean
  /** How it can fail beside what every call can: key, form, Redis away, a mistake of ours. */
  fails?: readonly FailureCode[]
  /** What more its problems say where the fault is not the caller's. */
  problem?: z.ZodObject
  /** Whatever the schemas can not make up by themselves; `path`: its parameters. */
  example: { path?: Record<string, string>; body?: unknown; answer?: unknown }
}

/** Method, path, summary. */
export type Description = readonly [
  'get' | 'post' | 'put' | 'patch' | 'delete',
  string,
  string,
  Particulars,
]

/** What a call needs of its key; undefined where it needs none. */
export function scopeOf([method, , , { scope, open }]: Description): Scope | undefined {
  return open ? undefined : (scope ?? scopeByMethod(method))
}

/** The rule: who reads needs `read`, who changes something `build`. */
export function scopeByMethod(method: string): Scope {
  return ['GET', 'HEAD', 'OPTIONS'].includes(method.toUpperCase()) ? 'read' : 'build'
}
