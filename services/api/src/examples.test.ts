import { describe, expect, test } from 'vitest'
import type * as z from 'zod'
import { checkAgainst } from '../../../test/harness/described.ts'
import { DESCRIPTIONS, failuresOf, openApi } from './openapi.ts'

const rows = DESCRIPTIONS.map((description) => {
  const [method, path, , particulars] = description
  return { description, method: method.toUpperCase(), path, ...particulars }
})
const check = checkAgainst(openApi() as never)

/** As a client has it: members that are undefined are not there. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

function answering(status: number, type: string): Response {
  return new Response([204, 304].includes(status) ? null : '', {
    status,
    headers: { 'content-type': type },
  })
}

describe('the examples of', () => {
  test.each(rows)('$method $path fit their schemas', ({ body, answer, types, example, ...row }) => {
    if (body)
      expect((body as z.ZodType).safeParse(sent(example.body))).toMatchObject({ success: true })
    expect(example.body === undefined).toBe(body === undefined)
    if (!answer) return
    expect(answer.safeParse(sent(example.answer))).toMatchObject({ success: true })
    const [type = 'application/json'] = types ?? []
    check(row.path, row.method, answering(row.status ?? 200, type), sent(example.answer))
  })

  test.each(rows)('$method $path name every parameter of it', ({ path, example }) => {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(Object.keys(example.path ?? {})).toEqual(names)
  })

  test('problems are there for every way to fail, with the status that the code has', () => {
    for (const { path, method, description } of rows) {
      const { responses } = operation(path, method)
      const described = Object.entries(responses).flatMap(([status, { content }]) => {
        const { examples = {} } = content?.['application/problem+json'] ?? {}
        return Object.entries(examples).map(([code, { value }]) => {
          expect([path, code, value]).toEqual([
            path,
            code,
            expect.objectContaining({ code, status: Number(status) }),
          ])
          return code
        })
      })
      expect([path, described.toSorted()]).toEqual([path, [...failuresOf(description)].toSorted()])
    }
  })
})

interface Described {
  responses: Record<
    string,
    { content?: Record<string, { examples?: Record<string, { value: unknown }> }> }
  >
}

function operation(path: string, method: string): Described {
  const { paths } = openApi() as { paths: Record<string, Record<string, Described>> }
  return paths[path]?.[method.toLowerCase()] as Described
}

describe('an answer is told from what is described', () => {
  const worker = rows.find(({ path }) => path === '/v1/workers')?.example.answer as {
    items: object[]
  }
  const json = 'application/json'

  test.each<[string, number, string, unknown, RegExp]>([
    ['a member more', 200, json, { items: [{ ...worker.items[0], secret: 1 }] }, /unevaluated/],
    ['a member less', 200, json, {}, /required property 'items'/],
    ['a wrong type', 200, json, { items: 'none' }, /must be array/],
    ['another status', 404, 'application/problem+json', {}, /answered 404; described are 200/],
    ['another content', 200, 'text/html', '', /answered text\/html/],
    ['a code of another status', 503, 'application/problem+json', problem('BUG'), /must be equal/],
  ])('by %s', (_, status, type, body, error) => {
    expect(() => check('/v1/workers', 'GET', answering(status, type), body)).toThrow(error)
  })

  test('where the path is none of ours it must be a problem', () => {
    const response = answering(404, 'application/problem+json')
    check('/v1/nothing', 'GET', response, { ...problem('NOT_FOUND'), status: 404 })
    expect(() => check('/v1/nothing', 'GET', response, { error: 'no' })).toThrow(/required/)
  })
})

function problem(code: string) {
  return { type: `urn:packline:failure:${code}`, title: 'T', status: 500, code, detail: 'd' }
}
