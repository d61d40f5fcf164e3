import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { type Archive, openArchive } from '@packline/archive'
import type { Draft, DraftContent } from '@packline/records'
import {
  checkFormat,
  type DraftEntry,
  type DraftImport,
  type FunctionSettings,
  failed,
  LIMITS,
  STORE_KEYS,
} from '@packline/shared'
import type { Surroundings } from '../surroundings.ts'
import { draftFailures } from '../texts/drafts.ts'
import { uploadFile } from '../upload-file.ts'
import { entryOf, inTurns, keepContent } from './contents.ts'

/** Contents on their way to the store. */
const STORED_AT_ONCE = 16

/**
 * What the draft will hold of an uploaded ZIP (rule unpack-to-edit): its files, or where these are
 * too large for the editor the archive itself. Throws UPLOAD_NOT_FOUND, and what the gate refuses.
 */
export async function readUpload(
  asked: DraftImport,
  settings: FunctionSettings,
  before: Draft,
  tenant: string,
  surroundings: Surroundings,
): Promise<DraftContent> {
  const path = uploadFile(surroundings.scratch)
  try {
    const size = await bring(asked.upload, settings, tenant, path, surroundings)
    const archive = await open(path, asked, surroundings)
    try {
      return await contentOf(archive, { asked, size, before, tenant }, surroundings)
    } finally {
      await archive.close()
    }
  } finally {
    await rm(path, { force: true })
  }
}

async function bring(
  upload: string,
  settings: FunctionSettings,
  tenant: string,
  path: string,
  { records, store, scratch }: Surroundings,
): Promise<number> {
  const key = (format: 'zip' | 'jar') => STORE_KEYS.upload(tenant, upload, format)
  await records.claim([key('zip'), key('jar')])
  const object = await store.get(key('zip'))
  if (!object) {
    if (await store.head(key('jar'))) checkFormat('jar', settings)
    throw failed('UPLOAD_NOT_FOUND', draftFailures.noUpload(upload), { at: 'upload' })
  }
  await mkdir(scratch, { recursive: true })
  await pipeline(object.stream, createWriteStream(path, { mode: 0o600 }))
  return object.size
}

function open(path: string, { entryNameEncoding }: DraftImport, { profile }: Surroundings) {
  const limits = {
    entriesMax: LIMITS.archiveEntriesMax,
    unpackedBytesMax: profile.limits.unpackedBytesMax,
    ratioMax: LIMITS.archiveRatioMax,
  }
  return openArchive({ path }, { limits, entryNameEncoding })
}

interface Given {
  asked: DraftImport
  size: number
  before: Draft
  tenant: string
}

async function contentOf(
  archive: Archive,
  { asked: { upload, entryNameEncoding }, size, before, tenant }: Given,
  surroundings: Surroundings,
): Promise<DraftContent> {
  const { unpackedSize } = archive
  const { editorBytesMax } = surroundings.profile.limits
  if (unpackedSize > editorBytesMax || archive.entries.length > LIMITS.draftEntriesMax) {
    const entries = archive.entries.filter(({ kind }) => kind !== 'folder').length
    const unopened = { upload, size, unpackedSize, entries, entryNameEncoding }
    return { entries: new Map(), archive: unopened }
  }
  // What the draft names already lies in the store.
  const stored = new Set([...before.entries.values()].map(({ sha256 }) => sha256))
  const entries = new Map<string, DraftEntry>()
  await inTurns(archive.entries, STORED_AT_ONCE, async (one) => {
    const { path, kind, executable, linkTarget } = one
    // Folders that have files tell of themselves.
    if (kind === 'folder') return
    if (kind === 'link') {
      entries.set(path, { kind, size: 0, linkTarget })
      return
    }
    const bytes = await archive.read(path, one.size)
    const entry = entryOf({ bytes, executable })
    if (!stored.has(entry.sha256)) await keepContent(entry, bytes, tenant, surroundings)
    stored.add(entry.sha256)
    entries.set(path, entry)
  })
  return { entries }
}
