import {
  type FunctionSettings,
  failed,
  fitTemplate,
  type Profile,
  RUNTIMES,
  type Template,
  templateOf,
  templateOn,
} from '@packline/shared'
import type { Surroundings } from '../surroundings.ts'
import { draftFailures } from '../texts/drafts.ts'
import { withEntry } from './change.ts'
import { entryOf, keepContent } from './contents.ts'
import { editDraft, type Place, readOnlyBecause } from './edit-draft.ts'

/**
 * Whether a function can have first files, before it is registered. Throws EDIT_REFUSED for
 * compiled ones, INVALID_REQUEST where no template fits.
 */
export function checkTemplate(settings: FunctionSettings, profile: Profile): Template['files'] {
  const { runtime, type, version } = settings
  const reason = readOnlyBecause(settings)
  if (reason !== undefined) {
    throw failed('EDIT_REFUSED', draftFailures.noFirstFiles(reason, runtime), { at: 'template' })
  }
  const template = templateOf(runtime, type)
  const files = template && fitTemplate(templateOn(template, profile, version), settings)
  if (files) return files
  const words = draftFailures.noTemplate(RUNTIMES[runtime].title, type)
  throw failed('INVALID_REQUEST', words, { at: 'template' })
}

/** Only where nothing was ever written. */
export async function putTemplate(
  place: Place,
  settings: FunctionSettings,
  surroundings: Surroundings,
): Promise<void> {
  const files = Object.entries(checkTemplate(settings, surroundings.profile))
  const { version } = await surroundings.records.functions.draft(place.tenant, place.name)
  if (version > 0) return
  await editDraft(place, surroundings, async (draft) => {
    if (draft.version > 0) return draft.entries
    let { entries } = draft
    for (const [path, { text, executable }] of files) {
      const bytes = Buffer.from(text)
      const entry = entryOf({ bytes, executable })
      await keepContent(entry, bytes, place.tenant, surroundings)
      entries = withEntry(entries, path, entry)
    }
    return entries
  })
}
