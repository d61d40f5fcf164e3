import type { Client } from '@packline/client'
import { type DraftView, PacklineError } from '@packline/shared'

/** What a change of the draft says it was made on. */
export interface MadeOn {
  /** A version of the draft; by another nothing is changed. */
  over?: number
  /** Whatever is there. */
  force?: boolean
}

/** For If-Match; `path` is that of the one file that is changed. PRECONDITION_FAILED. */
export async function matchOf(
  client: Pick<Client, 'draft'>,
  name: string,
  { over, force }: MadeOn,
  path?: string,
): Promise<{ ifMatch?: string }> {
  if (over === undefined && !force) return {}
  const { version, etag, entries } = await client.draft(name)
  if (force) {
    // What is not there yet can not be matched, by "*" neither.
    const isThere = path === undefined || entries.some((entry) => entry.path === path)
    return isThere ? { ifMatch: '*' } : {}
  }
  if (version === over) return { ifMatch: etag }
  const what = `The draft of ${name} has version ${version}; the change was made on ${over}`
  throw new PacklineError('PRECONDITION_FAILED', what, {
    hint: lookAt(name, version),
    current: { version, etag },
  })
}

/** Refusals for want of a version say which one there is, and how to go on. */
export async function tellingVersion<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const version = error instanceof PacklineError ? error.current?.version : undefined
    if (!(error instanceof PacklineError) || version === undefined) throw error
    const { code, at, current, message } = error
    const isUntold = code === 'PRECONDITION_REQUIRED'
    const what = isUntold ? `${at ?? `The draft of ${name}`} is there already` : message
    const hint = lookAt(name, version)
    throw new PacklineError(code, what, { hint, at, current, cause: error })
  }
}

/** Throws EDIT_REFUSED for a draft whose files can not be read and changed one by one. */
export function checkOpen(name: string, { editable, reason = '', upload }: DraftView): void {
  if (editable) return
  const hint = upload
    ? `packline functions import ${name} ZIP --force puts another archive in its place.`
    : `packline functions build ${name} FOLDER builds it from a folder here.`
  throw new PacklineError('EDIT_REFUSED', reason, { hint })
}

function lookAt(name: string, version: number): string {
  const look = `packline functions files ls ${name}`
  return `Look at version ${version} first (${look}), then say --over ${version}.`
}
