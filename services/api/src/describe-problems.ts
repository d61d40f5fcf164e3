import { FAILURES, type FailureCode, type Problem } from '@packline/shared'
import * as z from 'zod'
import type { Particulars } from './descriptions/description.ts'

const text = (description: string) => ({ description, schema: { type: 'string' as const } })

/** One response per status, with the codes that it can have and an example of each. */
export function problemsOf(codes: readonly FailureCode[], { problem }: Particulars) {
  const byStatus = Map.groupBy(new Set(codes), (code) => FAILURES[code].status)
  const more = problem ? [z.toJSONSchema(problem, { io: 'input' })] : []
  const entries = [...byStatus].map(([status, some]) => {
    return [String(status), responseOf(status, some, status < 500 ? [] : more)] as const
  })
  return Object.fromEntries(entries)
}

/** Of no operation: methods that a path does not take are not described. */
export function otherMethodResponse() {
  return responseOf(405, ['METHOD_NOT_ALLOWED'], [])
}

function responseOf(status: number, codes: FailureCode[], more: object[]) {
  const narrowed = { properties: { status: { const: status }, code: { enum: codes } } }
  return {
    description: codes.map((code) => `${code}: ${FAILURES[code].title}.`).join(' '),
    headers: headersOf(status),
    content: {
      'application/problem+json': {
        schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, narrowed, ...more] },
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  }
}

function headersOf(status: number): Record<string, ReturnType<typeof text>> | undefined {
  if (status === 401) return { 'WWW-Authenticate': text('How to send a key.') }
  if (status === 405) return { Allow: text('The methods that the path takes.') }
  if (status === 429 || status === 503) return { 'Retry-After': text('Seconds to wait.') }
  return undefined
}

function exampleOf(code: FailureCode): Problem {
  const { title, status, hint } = FAILURES[code]
  return { type: `urn:packline:failure:${code}`, title, status, code, detail: title, hint }
}
