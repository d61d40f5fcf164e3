import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { environmentSchema as ofApi } from '../services/api/src/config.ts'
import { environmentSchema as ofWorker } from '../services/worker/src/config.ts'

const text = readFileSync(path.resolve(import.meta.dirname, '../docs/operation.md'), 'utf8')
/** Rows of the first table: its variables, who reads them, what is said of them. */
const rows = [...text.matchAll(/^\| (`PACKLINE_.*?) \| (both|api|worker) \| (.*) \|$/gm)].flatMap(
  ([, names = '', who = '', words = '']) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => ({ name, who, words })),
)

const variables = Object.entries({ api: ofApi.shape, worker: ofWorker.shape }).flatMap(
  ([who, shape]) =>
    Object.entries(shape).flatMap(([name, schema]) => {
      const unset = schema.safeParse(undefined)
      return name.startsWith('PACKLINE_') ? [{ who, name, unset }] : []
    }),
)

describe('the table of variables in docs/operation.md', () => {
  test('has those that API and worker read, each with who reads it, and no others', () => {
    const read = new Map<string, string>()
    for (const { name, who } of variables) read.set(name, read.has(name) ? 'both' : who)
    const told = new Map(rows.map(({ name, who }) => [name, who]))
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(read))
  })

  test('says what holds where one is not set', () => {
    const silent = variables.flatMap(({ name, unset }) => {
      const words = rows.find((row) => row.name === name)?.words ?? ''
      const value = unset.success ? unset.data : undefined
      const isOff = [undefined, '', '0'].includes(value as string) || typeof value === 'object'
      return isOff || words.includes('default') ? [] : [name]
    })
    expect(silent).toEqual([])
  })

  test('names the defaults that are the same on every machine', () => {
    const fixed = variables.flatMap(({ name, unset }) => {
      const value = String((unset.success && unset.data) || '')
      const isFixed = /^(\d{2,}|[a-z{}-]{4,}|127\.0\.0\.1)$/.test(value)
      return isFixed && name !== 'PACKLINE_TOOL_SLOTS' ? [{ name, value }] : []
    })
    expect(fixed.length).toBeGreaterThan(8)
    const missing = fixed.filter(({ name, value }) => {
      return !rows.find((row) => row.name === name)?.words.includes(value)
    })
    expect(missing).toEqual([])
  })
})
