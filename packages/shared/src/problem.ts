import type { FailureCode } from './failure.ts'

/** RFC 9457 body of every 4xx and 5xx; `type` is a URN with the code. */
export interface Problem {
  type: string
  title: string
  status: number
  code: FailureCode
  detail: string
  hint?: string
  /** Where in the request, such as `builds[3].handler`. */
  at?: string
  requestId?: string
}
