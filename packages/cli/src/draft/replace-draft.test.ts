import { createHash } from 'node:crypto'
import type { Client } from '@packline/client'
import { PacklineError } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { contentsOf } from './contents-of.ts'
import { replaceDraft } from './replace-draft.ts'

const signal = AbortSignal.timeout(20_000)
const bytes = Buffer.from('text')
const sha256 = createHash('sha256').update(bytes).digest('hex')
const entry = { path: 'a.js', kind: 'file', size: 4, executable: false, binary: false } as const

/** Calls of a server whose limit is 100 bytes. */
function server(importDraft: Client['importDraft'] = async () => ({ version: 8, etag: '"8"' })) {
  const asked: string[] = []
  const limits = { platform: { editorBytesMax: 100 } } as Awaited<ReturnType<Client['limits']>>
  const client = {
    limits: async () => limits,
    upload: async () => {
      asked.push('upload')
      return { upload: 'u', sha256: 'u', size: 1, format: 'zip' as const, entries: 1 }
    },
    importDraft,
  }
  return { asked, client }
}

const replacement = { name: 'hello', given: 'here', draft: { etag: '"seven"' } }
const packed = { path: 'a.js', executable: false, size: bytes.length, content: bytes }

describe('a draft that is replaced', () => {
  test('by somebody else first is told, and nothing was written', async () => {
    const { client } = server(async (_name, _archive, match) => {
      expect(match).toEqual({ ifMatch: '"seven"' })
      throw new PacklineError('PRECONDITION_FAILED', 'it has version 8', { hint: 'If-Match' })
    })
    const entries = [packed]
    await expect(replaceDraft(client, { ...replacement, entries }, signal)).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
      hint: 'Nothing was written. Say the same again: it tells what differs.',
    })
  })

  test('by more than can be edited is refused before it is sent, and so is nothing', async () => {
    const { client, asked } = server()
    const entries = [{ ...packed, size: 101 }]
    await expect(replaceDraft(client, { ...replacement, entries }, signal)).rejects.toMatchObject({
      code: 'UNPACKED_TOO_LARGE',
      message: expect.stringContaining('at most 100 bytes'),
    })
    const none = { ...replacement, entries: [] }
    await expect(replaceDraft(client, none, signal)).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
    })
    expect(asked).toEqual([])
    expect(await replaceDraft(client, { ...replacement, entries: [packed] }, signal)).toBe(8)
  })
})

test('a file that was changed while the draft is read is not taken for what was listed', async () => {
  const client = { file: async () => ({ bytes, etag: '' }) }
  const listed = { ...entry, sha256 }
  const contents = await contentsOf(client, 'hello', [listed])
  expect(contents.get('a.js')).toEqual({ kind: 'file', bytes, executable: false })
  const changed = contentsOf(client, 'hello', [{ ...listed, sha256: 'other' }])
  await expect(changed).rejects.toMatchObject({ code: 'CONFLICT' })
})
