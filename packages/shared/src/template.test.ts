import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fitTemplate } from './fit-template.ts'
import { RUNTIME_NAMES } from './runtimes.ts'
import { TEMPLATES, type Template, templateOf } from './template.ts'

const EXAMPLES = join(import.meta.dirname, '../../../examples')
const FOLDERS = {
  nodejs: { event: 'hello-node', http: 'http-node' },
  python: { event: 'hello-python', http: '' },
  java: { event: 'hello-java', http: '' },
  go: { event: 'hello-go', http: '' },
  custom: { event: 'hello-shell', http: '' },
}

const given = (runtime: Template['runtime']) => templateOf(runtime) as Template

test('each runtime has one, and its files are those of an example, which is built and called', () => {
  expect([...new Set(TEMPLATES.map(({ runtime }) => runtime))].sort()).toEqual(
    [...RUNTIME_NAMES].sort(),
  )
  for (const { runtime, type, files } of TEMPLATES) {
    const folder = join(EXAMPLES, FOLDERS[runtime][type])
    for (const [path, { text, executable }] of Object.entries(files)) {
      expect([path, text]).toEqual([path, readFileSync(join(folder, path), 'utf8')])
      const mode = statSync(join(folder, path)).mode & 0o111
      if (mode) expect([path, executable]).toEqual([path, true])
    }
  }
})

test('Python’s says its encoding and keeps Chinese readable', () => {
  const text = given('python').files['index.py']?.text
  expect(text).toMatch(/^# -\*- coding:utf-8 -\*-\n/)
  expect(text).toContain('ensure_ascii=False')
})

describe('a template', () => {
  test('is taken as it is where handler and initializer fit', () => {
    const python = given('python')
    const { handler, initializer } = python
    expect(fitTemplate(python, { handler })).toBe(python.files)
    expect(fitTemplate(python, { handler, initializer })).toBe(python.files)
    const custom = given('custom')
    expect(fitTemplate(custom, { handler: 'anything at all' })).toBe(custom.files)
    const http = templateOf('nodejs', 'http') as Template
    expect(fitTemplate(http, {})).toBe(http.files)
  })

  test('takes the names of another handler and initializer', () => {
    const wanted = { handler: 'src/app.main', initializer: 'src/app.start' }
    const node = fitTemplate(given('nodejs'), wanted)
    expect(Object.keys(node ?? {})).toEqual(['src/app.js'])
    expect(node?.['src/app.js']?.text).toMatch(/exports\.main = [\s\S]*\nexports\.start = async/)
    const python = fitTemplate(given('python'), wanted)?.['src/app.py']?.text
    expect(python).toMatch(/def main\(event[\s\S]*\n\n\ndef start\(context\):\n {4}pass\n$/)
  })

  test('has no place for what it can not be called', () => {
    expect(fitTemplate(given('java'), { handler: 'com.other.Hi.greet' })).toBeUndefined()
    expect(fitTemplate(given('go'), { handler: 'other' })).toBeUndefined()
    expect(templateOf('python', 'http')).toBeUndefined()
  })
})
