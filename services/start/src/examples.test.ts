import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildRequestSchema } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { readExamples } from './examples.ts'

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return folder
}

const MANIFEST = `functions:
  second:
    path: two
    runtime: custom
    handler: any
    labels: { expect: VALIDATION_FAILED }
  first:
    runtime: nodejs
    handler: index.handler
`

describe('readExamples', () => {
  test('gives each function of the manifest, in its order, with its files inline', async () => {
    const folder = await folderWith({
      'packline.yaml': MANIFEST,
      'two/bootstrap': '#!/bin/sh\n',
      'two/data/名字.txt': '数据',
    })
    await chmod(join(folder, 'two/bootstrap'), 0o755)
    const [second, first] = await readExamples(folder)
    expect(second).toEqual({
      name: 'second',
      expect: 'VALIDATION_FAILED',
      request: {
        function: 'second',
        type: 'event',
        runtime: 'custom',
        architecture: 'x86_64',
        handler: 'any',
        build: { load: true, timeoutSeconds: expect.any(Number) },
        labels: { expect: 'VALIDATION_FAILED' },
        source: {
          kind: 'inline',
          files: {
            bootstrap: { base64: Buffer.from('#!/bin/sh\n').toString('base64'), executable: true },
            'data/名字.txt': { base64: Buffer.from('数据').toString('base64'), executable: false },
          },
        },
      },
    })
    expect(first?.name).toBe('first')
    expect(first?.expect).toBeUndefined()
  })

  test('leaves out what tools leave beside the source', async () => {
    const folder = await folderWith({
      'packline.yaml': 'functions: { one: { path: one, runtime: nodejs, handler: index.handler } }',
      'one/index.js': '',
      'one/node_modules/ms/index.js': '',
      'one/__pycache__/x.pyc': '',
      'one/.DS_Store': '',
      'one/lib/node_modules.js': '',
    })
    const [example] = await readExamples(folder)
    const source = example?.request.source
    expect(source?.kind === 'inline' && Object.keys(source.files).toSorted()).toEqual([
      'index.js',
      'lib/node_modules.js',
    ])
  })

  test.each([
    ['is not YAML', 'functions: [', /packline\.yaml: /],
    ['has a runtime nobody knows', 'functions: { a: { runtime: cobol } }', /functions\.a\.runtime/],
    ['lists nothing', 'functions: {}', /at least one function/],
  ])('a manifest that %s is refused with its place', async (_, manifest, message) => {
    const folder = await folderWith({ 'packline.yaml': manifest })
    const refused = readExamples(folder)
    await expect(refused).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
    await expect(refused).rejects.toThrow(message)
  })

  test('a manifest that is not there is said with its path', async () => {
    const folder = temporaryFolder()
    await expect(readExamples(folder)).rejects.toThrow(`${join(folder, 'packline.yaml')}: ENOENT`)
  })

  test("every one of the repository's own is a request that the API takes", async () => {
    const examples = await readExamples(join(import.meta.dirname, '../../../examples'))
    for (const { request } of examples)
      expect(() => buildRequestSchema.parse(request)).not.toThrow()
    expect(examples.filter((example) => example.expect !== undefined)).toHaveLength(1)
  })
})
