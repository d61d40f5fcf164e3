import { describe, expect, test } from 'vitest'
import type * as z from 'zod'
import { newId } from '../../records/src/new-id.ts'
import { auditQuery } from './audit-entry.ts'
import { namesQuery, numbersQuery } from './page-query.ts'
import { parse } from './parse.ts'
import { batchesQuery, buildsQuery, hooksQuery, keysQuery } from './query.ts'

const LISTS: [string, z.ZodType, string[]][] = [
  ['builds', buildsQuery, [`b${'0'.repeat(26)}`, newId('b')]],
  ['batches', batchesQuery, [newId('batch'), `batch${'z'.repeat(26)}`]],
  ['hooks', hooksQuery, [newId('h')]],
  ['keys', keysQuery, [newId('pkl_')]],
  ['functions and dependency packages', namesQuery, ['a', 'My-fn_1.x', 'a'.repeat(96)]],
  ['numbered packages and revisions', numbersQuery, ['1', '10', '999999999']],
  ['the audit log', auditQuery, ['1767600000000-0', '0-1']],
]

describe.each(LISTS)('a cursor of the list of %s', (_list, schema, honest) => {
  test.each(honest)('may be %s', (cursor) => {
    expect(parse(schema, { cursor }, 'the query')).toMatchObject({ cursor })
  })

  const others = LISTS.flatMap(([, other, cursors]) => (other === schema ? [] : cursors))
  // Names are nearly anything: of ids nothing tells that they are none.
  const foreign = others.filter((cursor) => schema !== namesQuery || /^\d/.test(cursor))
  const WRONG = [
    '',
    '%',
    '\0garbage',
    '(b',
    '[',
    '+',
    '-',
    '0',
    'b'.repeat(512),
    'a\nb',
    ...foreign,
  ]
  test.each(WRONG)('is refused as %j', (cursor) => {
    expect(() => parse(schema, { cursor }, 'the query')).toThrow(
      expect.objectContaining({
        code: 'INVALID_REQUEST',
        at: 'cursor',
        message: expect.stringContaining('must be the next of the page before'),
        zh: expect.objectContaining({ detail: expect.stringContaining('应为上一页的 next') }),
      }),
    )
  })
})
