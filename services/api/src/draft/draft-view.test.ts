import type { FunctionSettings } from '@packline/shared'
import { expect, test } from 'vitest'
import { toDraftView } from './draft-view.ts'

const SETTINGS: FunctionSettings = {
  type: 'event',
  runtime: 'python',
  version: '3.10',
  architecture: 'x86_64',
  handler: 'index.handler',
  build: { load: true, timeoutSeconds: 900 },
}
const EMPTY = { version: 3, runtime: SETTINGS.runtime, entries: new Map() }
const ARCHIVE = { upload: 'a1', size: 10, unpackedSize: 20971521, entries: 2 }

test('a draft that can be edited has no reason against it', () => {
  const view = toDraftView(SETTINGS, EMPTY, 'zh')
  expect(view).toMatchObject({ version: 3, editable: true, entries: [] })
  expect(view.reason).toBeUndefined()
})

test('one that is read-only says why in the language of its reader', () => {
  const reasonOf = (language: 'en' | 'zh') =>
    toDraftView(SETTINGS, { ...EMPTY, archive: ARCHIVE }, language).reason
  expect(reasonOf('en')).toBe('The archive unpacks to 20971521 bytes: it is listed and not opened')
  expect(reasonOf('zh')).toBe('压缩包解压后有 20971521 字节：只列出文件，不打开')
  const go = toDraftView({ ...SETTINGS, runtime: 'go' }, EMPTY, 'zh')
  expect(go).toMatchObject({ editable: false, reason: 'Go 是编译型语言：文件不能在线编辑' })
})
