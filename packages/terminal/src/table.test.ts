import { pathToFileURL } from 'node:url'
import type { BuildView } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { type Row, resultTable } from './table.ts'

const ROOT = '/home/somebody/a clone'
const SHA256 = '94bc5ee56b4a'.padEnd(64, '0')

function build(name: string, more: Partial<BuildView> = {}, base = 's3://bucket/packages/dev') {
  const address = `${base}/${name}/${SHA256}.zip`
  return {
    state: 'succeeded',
    createdAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:01:02.340Z',
    findings: 1,
    verdict: { verdict: 'checked', because: '' },
    package: { address, size: 153_805 },
    ...more,
  } as BuildView
}

const row = (name: string, more: Partial<Row> = {}): Row => ({
  name,
  runtime: 'nodejs 20.15',
  build: build(name),
  ...more,
})

function lines(rows: Row[], columns = 120): string[] {
  return resultTable(rows, { root: ROOT, columns }).split('\n')
}

describe('resultTable', () => {
  test('shows what was made, with the digest cut and the common place below', () => {
    const shown = lines([row('hello'), row('with-a-long-name')])
    expect(shown[3]).toMatch(
      /│ hello +│ nodejs 20\.15 │ 150\.2 KiB │ checked │ 1 +│ 62\.3 s │ hello\/94bc5ee56b4a….zip +│/,
    )
    expect(shown.at(-1)).toBe('packages lie in s3://bucket/packages/dev/')
  })

  test('shows packages of a folder inside the clone relative to it', () => {
    const base = pathToFileURL(`${ROOT}/.local/store/packages/dev`).href
    const inside = row('hello', { build: build('hello', {}, base) })
    expect(lines([inside]).at(-1)).toBe('packages lie in .local/store/packages/dev/')
    const outside = row('hello', { build: build('hello', {}, 'file:///srv/store/packages/dev') })
    expect(lines([outside]).at(-1)).toBe('packages lie in /srv/store/packages/dev/')
  })

  test('shows whole paths where there is no clone', () => {
    const outside = row('hello', { build: build('hello', {}, 'file:///srv/store/packages/dev') })
    expect(resultTable([outside], { columns: 120 })).toMatch(
      /\npackages lie in \/srv\/store\/packages\/dev\/$/,
    )
  })

  test('shows whole addresses where they have no place in common', () => {
    const other = row('other', { build: build('other', {}, 's3://other/packages/dev') })
    const shown = lines([row('hello'), other])
    expect(shown[3]).toContain('s3://bucket/packages/dev/hello/94bc5ee56b4a….zip')
    expect(shown.at(-1)).not.toContain('packages lie')
  })

  test('shows why there is no package: the failure, who cancelled, what the machine lacks', () => {
    const failure = { code: 'TIMED_OUT' } as BuildView['failure']
    const failed = { state: 'failed', failure, package: undefined } as const
    const shown = lines([
      row('slow', { build: build('slow', failed) }),
      row('gone', {
        build: build('gone', {
          state: 'cancelled',
          cancelReason: 'by its owner',
          package: undefined,
        }),
      }),
      row('java', { build: undefined, lacks: 'no Maven here (apt-get install maven)' }),
    ])
    expect(shown[3]).toMatch(/│ slow .*│ failed +│ 1 .*│ TIMED_OUT/)
    expect(shown[4]).toMatch(/│ gone .*│ cancelled +│ .*│ by its owner/)
    expect(shown[5]).toMatch(/│ java .*│ not built │ +│ +│ no Maven here \(apt-get install maven\)/)
    expect(shown).toHaveLength(7)
  })

  test('fits 120 columns with the longest names of the examples, breaking what may be broken', () => {
    const lacks = `no pip for Python here: Python 3.11.2 is, but without pip (apt-get install python3-pip)`
    const shown = lines([row('broken-on-purpose'), row('python', { build: undefined, lacks })])
    expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(120)
    const words = shown.map((line) => line.split('│').at(-2)?.trim() ?? '').join(' ')
    expect(words).toContain(lacks)
  })

  test('breaks no address, however narrow the terminal', () => {
    const shown = lines([row('a-name-of-forty-characters-for-a-function')], 60)
    expect(shown[3]).toContain('a-name-of-forty-characters-for-a-function/94bc5ee56b4a….zip │')
  })
})
