import { pipeline } from 'node:stream/promises'
import {
  type DraftEntry,
  draftFileQuery,
  entryPathSchema,
  failed,
  type PacklineError,
  parse,
  STORE_KEYS,
} from '@packline/shared'
import express, { type Request, type Response, Router } from 'express'
import { withEntry, without } from '../draft/change.ts'
import { entryOf, keepContent } from '../draft/contents.ts'
import { toEntryView } from '../draft/draft-view.ts'
import { editDraft } from '../draft/edit-draft.ts'
import { entryAt, noEntry } from '../draft/entry-at.ts'
import { checkPrecondition, draftTag, entryTag, preconditionOf } from '../draft/etag.ts'
import { untilClosed } from '../paced-write.ts'
import type { Surroundings } from '../surroundings.ts'
import { draftFailures } from '../texts/drafts.ts'

type Asked = Request<{ name: string; path: string[] }>

/**
 * `/v1/functions/:name/files/*path`: read, write and delete one file or folder; bodies are raw
 * bytes. No other method is answered here: `move` and `import` are paths beside.
 */
export function fileContentRoutes(surroundings: Surroundings): Router {
  const limit = surroundings.profile.limits.editorBytesMax
  const router = Router()
  const on = (handler: Handler) => (request: Asked, response: Response) =>
    handler(request, response, surroundings)
  router
    .route('/:name/files/*path')
    .get(on(read))
    .put(express.raw({ limit, type: () => true, inflate: false }), on(write))
    .delete(on(remove))
  return router
}

type Handler = (request: Asked, response: Response, surroundings: Surroundings) => Promise<void>

async function read(request: Asked, response: Response, { records, store }: Surroundings) {
  const { tenant } = response.locals
  const { name, path } = placeOf(request)
  const { entries, version } = await records.functions.draft(tenant, name)
  const entry = entryAt(entries, path)
  if (!entry) throw noEntry(path)
  if (entry.kind !== 'file') throw failed('CONFLICT', draftFailures.noFile(path, entry.linkTarget))
  const etag = entryTag(entry) ?? ''
  response.set({
    ETag: etag,
    'Cache-Control': 'private, no-cache',
    'X-Draft-Version': `${version}`,
  })
  if (request.get('if-none-match')?.includes(etag)) {
    response.status(304).end()
    return
  }
  response.attachment(path.slice(path.lastIndexOf('/') + 1))
  response.type(entry.binary ? 'application/octet-stream' : 'text/plain; charset=utf-8')
  response.set('Content-Length', String(entry.size))
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  const gone = untilClosed(response)
  const key = STORE_KEYS.draftFile(tenant, entry.sha256 ?? '')
  const object = await store.get(key, { signal: gone })
  if (!object) throw failed('STORE_UNAVAILABLE', draftFailures.contentLost(path))
  await pipeline(object.stream, response).catch((error: unknown) => {
    if (!gone.aborted) throw error
  })
}

async function write(request: Asked, response: Response, surroundings: Surroundings) {
  const { tenant } = response.locals
  const { name, path } = placeOf(request)
  const { kind, executable } = parse(draftFileQuery, request.query, 'the query')
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const precondition = preconditionOf(request)
  let isNew = true
  const saved = await editDraft({ tenant, name }, surroundings, async (draft) => {
    const before = entryAt(draft.entries, path)
    isNew = before === undefined
    if (kind === 'folder') {
      if (before && before.kind !== 'folder') throw taken(path, before)
      return withEntry(draft.entries, path, { kind, size: 0 })
    }
    checkPrecondition(precondition, draft, path, before)
    if (before?.kind === 'folder') throw taken(path, before)
    const entry = entryOf({ bytes, executable: executable ?? before?.executable })
    if (entry.sha256 !== before?.sha256) await keepContent(entry, bytes, tenant, surroundings)
    return withEntry(draft.entries, path, entry)
  })
  const { version, entries } = saved
  const entry = toEntryView(path, entries.get(path) ?? { kind, size: 0 })
  response
    .status(isNew ? 201 : 200)
    .set('ETag', entry.etag ?? draftTag(version))
    .json({ version, etag: draftTag(version), entry })
}

async function remove(request: Asked, response: Response, surroundings: Surroundings) {
  const { tenant } = response.locals
  const { name, path } = placeOf(request)
  const precondition = preconditionOf(request)
  const { version } = await editDraft({ tenant, name }, surroundings, (draft) => {
    const before = entryAt(draft.entries, path)
    if (!before) throw noEntry(path)
    checkPrecondition(precondition, draft, path, before)
    return without(draft.entries, path)
  })
  response.set('ETag', draftTag(version)).json({ version, etag: draftTag(version) })
}

function placeOf({ params }: Asked): { name: string; path: string } {
  return { name: params.name, path: parse(entryPathSchema, params.path.join('/'), 'the path') }
}

function taken(path: string, { kind }: DraftEntry): PacklineError {
  return failed('CONFLICT', draftFailures.stands(kind, path), { at: path })
}
