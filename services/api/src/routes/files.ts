import type { Draft } from '@packline/records'
import {
  draftImportSchema,
  draftMoveSchema,
  draftSaveSchema,
  failed,
  type InlineFile,
  parse,
} from '@packline/shared'
import { type Request, type Response, Router } from 'express'
import { answerLanguage } from '../answer-language.ts'
import { askedPath } from '../asked-path.ts'
import { checkEntries, moved, withEntry, without } from '../draft/change.ts'
import { entryOf, inTurns, keepContent } from '../draft/contents.ts'
import { toDraftView } from '../draft/draft-view.ts'
import { editDraft, refuseEdit } from '../draft/edit-draft.ts'
import { entryAt, noEntry } from '../draft/entry-at.ts'
import { checkDraft, checkPrecondition, draftTag, preconditionOf } from '../draft/etag.ts'
import { readUpload } from '../draft/import-archive.ts'
import { listUpload } from '../draft/list-upload.ts'
import { otherMethods } from '../problem.ts'
import type { Surroundings } from '../surroundings.ts'
import { requestFailures } from '../texts/requests.ts'

const STORED_AT_ONCE = 16

type Asked = Request<{ name: string }>
type Handler = (request: Asked, response: Response, surroundings: Surroundings) => Promise<void>

/** `/v1/functions/:name/files`: all of a draft: list, save at once, move, import, clear. */
export function fileRoutes(surroundings: Surroundings): Router {
  const router = Router()
  const on = (handler: Handler) => (request: Asked, response: Response) =>
    handler(request, response, surroundings)
  router.route('/:name/files').get(on(list)).put(on(save)).delete(on(clear)).all(otherMethods)
  // Files may have these names as well; what their own routes take does not come here.
  router.route('/:name/files/move').post(on(move)).all(refuseMethod('POST, '))
  router.route('/:name/files/import').post(on(importUpload)).all(refuseMethod('POST, '))
  router.route('/:name/files/*path').all(refuseMethod(''))
  return router
}

function refuseMethod(more: string) {
  return (request: Request, response: Response) => {
    response.set('Allow', `${more}GET, HEAD, PUT, DELETE`)
    const words = requestFailures.otherMethod(request.method, askedPath(request))
    throw failed('METHOD_NOT_ALLOWED', words)
  }
}

async function list(request: Asked, response: Response, { records, store }: Surroundings) {
  const { tenant } = response.locals
  const { name } = request.params
  const settings = await records.functions.settings(tenant, name)
  const draft = await records.functions.draft(tenant, name)
  const listed = draft.archive && (await listUpload(draft.archive, tenant, store))
  const view = toDraftView(settings, draft, answerLanguage(request, response), listed)
  response.set('ETag', view.etag).json(view)
}

/** Whole-draft save: all or nothing, on the version that the body names. */
async function save(request: Asked, response: Response, surroundings: Surroundings) {
  const { tenant } = response.locals
  const { name } = request.params
  const asked = parse(draftSaveSchema, request.body, 'the body')
  const { version } = await editDraft({ tenant, name }, surroundings, async (draft) => {
    checkDraft({ match: [draftTag(asked.version)], isNew: false }, draft)
    let { entries } = draft
    for (const path of asked.deletes) entries = without(entries, path)
    const stored = new Set([...draft.entries.values()].map(({ sha256 }) => sha256))
    await inTurns(Object.entries(asked.files), STORED_AT_ONCE, async ([path, file]) => {
      const content = contentOf(file, draft.entries.get(path)?.executable)
      const entry = entryOf(content)
      if (!stored.has(entry.sha256)) await keepContent(entry, content.bytes, tenant, surroundings)
      entries = withEntry(entries, path, entry)
    })
    return entries
  })
  answer(response, version)
}

async function move(request: Asked, response: Response, surroundings: Surroundings) {
  const { tenant } = response.locals
  const { name } = request.params
  const { from, to } = parse(draftMoveSchema, request.body, 'the body')
  const precondition = preconditionOf(request)
  const { version } = await editDraft({ tenant, name }, surroundings, (draft) => {
    const before = entryAt(draft.entries, from)
    if (!before) throw noEntry(from)
    checkPrecondition(precondition, draft, from, before)
    return moved(draft.entries, from, to)
  })
  answer(response, version)
}

/** Rule unpack-to-edit. */
async function importUpload(request: Asked, response: Response, surroundings: Surroundings) {
  const { tenant } = response.locals
  const { name } = request.params
  const { functions } = surroundings.records
  const asked = parse(draftImportSchema, request.body, 'the body')
  const settings = await functions.settings(tenant, name)
  refuseEdit(settings, {})
  const draft = await functions.draft(tenant, name)
  checkDraft(preconditionOf(request), draft)
  const content = await readUpload(asked, settings, draft, tenant, surroundings)
  checkEntries(content.entries, surroundings.profile.limits.editorBytesMax)
  await replace({ tenant, name, draft }, content, response, surroundings)
}

/** Also of a draft that can not be edited. */
async function clear(request: Asked, response: Response, surroundings: Surroundings) {
  const { tenant } = response.locals
  const { name } = request.params
  const draft = await surroundings.records.functions.draft(tenant, name)
  checkDraft(preconditionOf(request), draft)
  await replace({ tenant, name, draft }, { entries: new Map() }, response, surroundings)
}

async function replace(
  { tenant, name, draft }: { tenant: string; name: string; draft: Draft },
  content: Pick<Draft, 'entries' | 'archive'>,
  response: Response,
  { records }: Surroundings,
): Promise<void> {
  const version = await records.functions.saveDraft(tenant, name, draft, content)
  if (version === undefined) {
    // Somebody was faster: what they wrote is not thrown away unseen.
    checkDraft(
      { match: [draftTag(draft.version)], isNew: false },
      await records.functions.draft(tenant, name),
    )
  }
  answer(response, version ?? draft.version)
}

function contentOf(file: InlineFile, was: boolean | undefined) {
  if (typeof file === 'string') return { bytes: Buffer.from(file), executable: was }
  const bytes = 'base64' in file ? Buffer.from(file.base64, 'base64') : Buffer.from(file.text)
  return { bytes, executable: file.executable ?? was }
}

function answer(response: Response, version: number): void {
  response.set('ETag', draftTag(version)).json({ version, etag: draftTag(version) })
}
