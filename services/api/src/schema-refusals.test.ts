import {
  aliasParameter,
  batchEnvelopeSchema,
  credentialNameSchema,
  describeIssue,
  entryPathSchema,
  functionNameSchema,
  manifestSchema,
  numberParameter,
  revisionParameter,
  templateParameter,
  type Words,
} from '@packline/shared'
import { expect, test } from 'vitest'
import type * as z from 'zod'
import { namesIn } from '../../../test/harness/in-both-languages.ts'
import { DESCRIPTIONS } from './openapi.ts'
import { queryOf } from './refuse-unknown-query.ts'

/** What callers write: bodies, queries, names in paths, and files of their repositories. */
const SCHEMAS: z.core.$ZodType[] = [
  ...DESCRIPTIONS.flatMap(([, , , particulars]) =>
    [particulars.body, particulars.lines, queryOf(particulars)].filter((schema) => !!schema),
  ),
  aliasParameter,
  batchEnvelopeSchema,
  credentialNameSchema,
  entryPathSchema,
  functionNameSchema,
  manifestSchema,
  numberParameter,
  revisionParameter,
  templateParameter,
]

const many = (count: number) => Array.from({ length: count }, (_, at) => `n${at}`)
const WRONG: unknown[] = [
  undefined,
  null,
  true,
  -1,
  1.5,
  Number.POSITIVE_INFINITY,
  1e308,
  '',
  ' ',
  '../a',
  '{}',
  'a'.repeat(300),
  'é'.repeat(100_000),
  'https://user:word@git.example/x?y#z',
  'name',
  [],
  [null],
  many(10_001),
  {},
  { 'a b': 1 },
  { kind: 'none' },
  { event: undefined },
  { provider: 'generic', repository: 'git@a:b', secret: 's'.repeat(20) },
  { a: 'x', 'a/b': 'x' },
  Object.fromEntries(many(2000).map((name) => [name, 'x'])),
  new Map(),
]

/** What no Chinese text has outside quotes, and what zod alone says. */
const ENGLISH = /must|expected|invalid|too (small|big)|received|[a-z]+ [a-z]+ [a-z]+/i
const RAW = /pattern|Invalid|received|Too (small|big)|Unrecognized/
const OWN_TEXTS: readonly unknown[] = ['string_format', 'custom']

/** A schema and all within it that takes values of its own. */
function partsOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  const { checks: _, shape, ...def } = schema._zod.def as unknown as Record<string, object>
  if (!isSchema(schema) || schema._zod.def.type === 'transform') return []
  const members = [...Object.values(def), ...Object.values(shape ?? {})].flat()
  return [schema, ...members.filter(isSchema).flatMap(partsOf)]
}

function isSchema(value: unknown): value is z.core.$ZodType {
  return typeof value === 'object' && value !== null && '_zod' in value && 'parse' in value
}

function expectChinese({ en, zh }: Words): void {
  const told = zh.replace(/"(\\.|[^"\\])*"/g, '')
  const numbers = namesIn(en).map((name) => name.replace(/^=/, ''))
  expect([en, ...numbers.filter((name) => !zh.includes(name))], zh).toEqual([en])
  expect(told).toMatch(/\p{Script=Han}/u)
  expect(told).not.toMatch(ENGLISH)
  expect(en.replace(/"(\\.|[^"\\])*"/g, '')).not.toMatch(RAW)
}

const PARTS = new Set(SCHEMAS.flatMap(partsOf))

test('whatever a schema refuses is told in words, in Chinese as in English', () => {
  const told = new Map<string, Words>()
  for (const part of PARTS) {
    for (const given of WRONG) {
      const { error } = (part as z.ZodType).safeParse(given)
      for (const issue of error?.issues.slice(0, 20) ?? []) {
        const words = describeIssue(issue, given)
        told.set(words.en, words)
      }
    }
  }
  for (const words of told.values()) expectChinese(words)
})

test('what a schema says of its field itself has its Chinese', () => {
  for (const { _zod } of PARTS) {
    for (const def of [_zod.def, ...(_zod.def.checks ?? []).map((check) => check._zod.def)]) {
      if (!('check' in def) || !OWN_TEXTS.includes(def.check)) continue
      const message = def.error?.({ code: 'custom' } as never)
      // One that finds its words as it looks has the Chinese with them: the values above meet it.
      if (message === undefined && def.check === 'custom') continue
      expectChinese(
        describeIssue({ code: 'custom', path: [], message: String(message) }, undefined),
      )
    }
  }
})
