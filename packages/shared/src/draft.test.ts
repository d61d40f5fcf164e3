import { describe, expect, test } from 'vitest'
import {
  draftFileQuery,
  draftImportSchema,
  draftMoveSchema,
  draftSaveSchema,
  draftViewSchema,
} from './draft.ts'
import { LIMITS } from './limits.ts'

describe('a save of many files', () => {
  test('says which version it was made on, and leaves out what it does not change', () => {
    expect(draftSaveSchema.parse({ version: 0 })).toEqual({ version: 0, files: {}, deletes: [] })
    expect(draftSaveSchema.safeParse({ files: { 'a.js': '' } }).success).toBe(false)
    expect(draftSaveSchema.safeParse({ version: -1 }).success).toBe(false)
  })

  test('takes text, bytes and modes, as an inline source does', () => {
    const files = {
      'a.js': 'text',
      'b.bin': { base64: 'AAE=' },
      run: { text: '#!/bin/sh\n', executable: true },
    }
    expect(draftSaveSchema.parse({ version: 1, files }).files).toEqual(files)
  })

  test.each(['../a', '/a', 'a//b', 'a/./b', 'a\\b', 'C:/a', '', 'a/', `${'x'.repeat(256)}`])(
    'has no file and deletes none at %j',
    (path) => {
      expect(draftSaveSchema.safeParse({ version: 1, files: { [path]: '' } }).success).toBe(false)
      expect(draftSaveSchema.safeParse({ version: 1, deletes: [path] }).success).toBe(false)
      expect(draftMoveSchema.safeParse({ from: path, to: 'a' }).success).toBe(false)
      expect(draftMoveSchema.safeParse({ from: 'a', to: path }).success).toBe(false)
    },
  )

  test('has a bound', () => {
    const names = Array.from({ length: LIMITS.inlineFilesMax + 1 }, (_, index) => `f${index}`)
    const files = Object.fromEntries(names.map((name) => [name, '']))
    const { error } = draftSaveSchema.safeParse({ version: 1, files })
    expect(error?.issues[0]?.message).toContain('import a ZIP instead')
    delete files.f0
    expect(draftSaveSchema.safeParse({ version: 1, files }).success).toBe(true)
  })
})

test('an import names an upload by its id', () => {
  const upload = 'a'.repeat(64)
  expect(draftImportSchema.parse({ upload, entryNameEncoding: 'gb18030' })).toEqual({
    upload,
    entryNameEncoding: 'gb18030',
  })
  for (const wrong of [{}, { upload: 'A'.repeat(64) }, { upload: 'a' }, { upload, more: 1 }]) {
    expect(draftImportSchema.safeParse(wrong).success).toBe(false)
  }
})

test('a file is written as a file, and keeps its mode where nothing is said', () => {
  expect(draftFileQuery.parse({})).toEqual({ kind: 'file' })
  expect(draftFileQuery.parse({ kind: 'folder' })).toEqual({ kind: 'folder' })
  expect(draftFileQuery.parse({ executable: 'false' })).toEqual({
    kind: 'file',
    executable: false,
  })
  for (const wrong of [{ kind: 'link' }, { executable: 'yes' }, { executable: '' }]) {
    expect(draftFileQuery.safeParse(wrong).success).toBe(false)
  }
})

test('a draft is shown with everything that its entries have', () => {
  const entry = { path: 'a', kind: 'file', size: 1, executable: false, binary: false }
  const shown = { version: 1, etag: '"draft-1"', editable: true, files: 1, size: 1 }
  expect(draftViewSchema.parse({ ...shown, entries: [entry] }).entries).toEqual([entry])
  expect(draftViewSchema.safeParse({ ...shown, entries: [{ path: 'a' }] }).success).toBe(false)
})
