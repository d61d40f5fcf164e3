import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type {
  DraftChangeView,
  DraftImport,
  DraftMove,
  DraftSaveInput,
  DraftView,
} from '@packline/shared'
import type { Connection } from '../connection.ts'
import { unlessCut } from '../verified.ts'
import { inQuery, path } from './asked.ts'

/** On what a change was made: the ETag of the file or the draft, "*" for whatever is there. */
interface Match {
  ifMatch?: string
}

/**
 * The draft: a function's online files. A change of what is there needs `ifMatch`: without it
 * PRECONDITION_REQUIRED is thrown, and PRECONDITION_FAILED where somebody was faster.
 */
export interface FileCalls {
  draft(name: string): Promise<DraftView>
  file(name: string, path: string): Promise<{ bytes: Buffer; etag: string }>
  /** Without `executable` the file's mode stays as it was; a new one is not. */
  writeFile(
    name: string,
    path: string,
    content: string | Buffer | Readable,
    options?: Match & { executable?: boolean },
  ): Promise<DraftChangeView>
  makeFolder(name: string, path: string): Promise<DraftChangeView>
  /** A file, or a folder with all that is in it. */
  removeFile(name: string, path: string, options?: Match): Promise<DraftChangeView>
  /** The same under another path, at which nothing may stand. */
  moveFile(name: string, move: DraftMove, options?: Match): Promise<DraftChangeView>
  /** Many changes at once, all or nothing, of the version that they were made on. */
  saveDraft(name: string, changes: DraftSaveInput): Promise<DraftChangeView>
  /** The files of an uploaded ZIP in place of all that is there. */
  importDraft(name: string, archive: DraftImport, options?: Match): Promise<DraftChangeView>
  clearDraft(name: string, options?: Match): Promise<DraftChangeView>
}

export function fileCalls(server: Connection): FileCalls {
  const all = (name: string) => path`/v1/functions/${name}/files`
  const one = (name: string, inner: string) =>
    [all(name), ...inner.split('/').map((part) => path`${part}`)].join('/')
  const remove = (place: string, options?: Match) =>
    server.json<DraftChangeView>(place, { method: 'DELETE', headers: matching(options) })
  const change = (method: 'POST' | 'PUT', place: string, body: unknown, options?: Match) =>
    server.json<DraftChangeView>(place, {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...matching(options) },
    })
  const write = (place: string, body: string | Buffer | Readable, options?: Match) =>
    server.json<DraftChangeView>(place, {
      method: 'PUT',
      body,
      headers: { 'content-type': 'application/octet-stream', ...matching(options) },
    })
  return {
    draft: (name) => server.json(all(name)),
    file: async (name, inner) => {
      const { body, headers } = await server.ask(one(name, inner))
      return { bytes: await buffer(unlessCut(body)), etag: String(headers.etag) }
    },
    writeFile: (name, inner, content, { executable, ...match } = {}) =>
      write(`${one(name, inner)}${inQuery({ executable })}`, content, match),
    makeFolder: (name, inner) => write(`${one(name, inner)}?kind=folder`, ''),
    removeFile: (name, inner, match) => remove(one(name, inner), match),
    moveFile: (name, move, match) => change('POST', `${all(name)}/move`, move, match),
    saveDraft: (name, changes) => change('PUT', all(name), changes),
    importDraft: (name, archive, match) => change('POST', `${all(name)}/import`, archive, match),
    clearDraft: (name, match) => remove(all(name), match),
  }
}

function matching({ ifMatch }: Match = {}): Record<string, string> {
  return ifMatch === undefined ? {} : { 'if-match': ifMatch }
}
