import type { Draft, DraftContent } from '@packline/records'
import { type FunctionSettings, failed, RUNTIMES, type Words } from '@packline/shared'
import type { Surroundings } from '../surroundings.ts'
import { draftFailures, readOnlyReasons } from '../texts/drafts.ts'
import { checkEntries } from './change.ts'

/** Whose files are edited. */
export interface Place {
  tenant: string
  name: string
}

/** A change that others come before is made anew on what they left, this often. */
const TRIES_MAX = 8

/**
 * Makes a change of the draft as it is when it is written: `change` looks at its preconditions and
 * may be called again. Throws EDIT_REFUSED for files that can not be edited (rules online-edit and
 * unpack-to-edit), and as `checkEntries` does.
 */
export async function editDraft(
  { tenant, name }: Place,
  { records, profile }: Pick<Surroundings, 'records' | 'profile'>,
  change: (draft: Draft) => DraftContent['entries'] | Promise<DraftContent['entries']>,
): Promise<DraftContent & { version: number }> {
  const { functions } = records
  const settings = await functions.settings(tenant, name)
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const draft = await functions.draft(tenant, name)
    refuseEdit(settings, draft)
    const entries = await change(draft)
    checkEntries(entries, profile.limits.editorBytesMax)
    const version = await functions.saveDraft(tenant, name, draft, { entries })
    if (version !== undefined) return { version, entries }
  }
  throw failed('CONFLICT', draftFailures.changing(name))
}

/** Why the files are read-only, or undefined. */
export function readOnlyBecause(
  { runtime }: Pick<FunctionSettings, 'runtime'>,
  { archive }: Pick<Draft, 'archive'> = {},
): Words | undefined {
  const { onlineEdit, title } = RUNTIMES[runtime]
  if (!onlineEdit) return readOnlyReasons.compiled(title)
  return archive && readOnlyReasons.unopened(archive.unpackedSize)
}

export function refuseEdit(settings: FunctionSettings, draft: Pick<Draft, 'archive'>): void {
  const reason = readOnlyBecause(settings, draft)
  if (reason === undefined) return
  const { unopened, compiled } = draftFailures
  throw failed('EDIT_REFUSED', draft.archive ? unopened(reason) : compiled(reason))
}
