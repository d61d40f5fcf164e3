import { type FailureCode, PacklineError, type Words } from '@packline/shared'
import { REFUSALS_ZH } from './refusal-zh.ts'

/** Why an archive is refused: reason -> the failure it ends as. Tests and docs use the reasons. */
export const REFUSALS = {
  'not-a-zip': 'FORMAT',

  cut: 'ARCHIVE_DAMAGED',
  'directory-damaged': 'ARCHIVE_DAMAGED',
  'local-header-damaged': 'ARCHIVE_DAMAGED',
  'extra-field': 'ARCHIVE_DAMAGED',
  descriptor: 'ARCHIVE_DAMAGED',
  'data-damaged': 'ARCHIVE_DAMAGED',
  'size-lies': 'ARCHIVE_DAMAGED',
  crc: 'ARCHIVE_DAMAGED',

  'ambiguous-end': 'ARCHIVE_REFUSED',
  prefix: 'ARCHIVE_REFUSED',
  trailing: 'ARCHIVE_REFUSED',
  gap: 'ARCHIVE_REFUSED',
  overlap: 'ARCHIVE_REFUSED',
  'multi-disk': 'ARCHIVE_REFUSED',
  'zip64-lies': 'ARCHIVE_REFUSED',
  'local-header-differs': 'ARCHIVE_REFUSED',
  'entry-comment': 'ARCHIVE_REFUSED',
  'crc-collision': 'ARCHIVE_REFUSED',
  encrypted: 'ARCHIVE_REFUSED',
  method: 'ARCHIVE_REFUSED',
  'not-utf8': 'ARCHIVE_REFUSED',
  'unicode-path': 'ARCHIVE_REFUSED',
  'path-escapes': 'ARCHIVE_REFUSED',
  'path-form': 'ARCHIVE_REFUSED',
  'path-too-long': 'ARCHIVE_REFUSED',
  'duplicate-entry': 'ARCHIVE_REFUSED',
  'file-as-folder': 'ARCHIVE_REFUSED',
  'kind-differs': 'ARCHIVE_REFUSED',
  'folder-with-content': 'ARCHIVE_REFUSED',
  device: 'ARCHIVE_REFUSED',
  'link-escapes': 'ARCHIVE_REFUSED',
  'link-target': 'ARCHIVE_REFUSED',
  'link-loop': 'ARCHIVE_REFUSED',

  'too-many-entries': 'UNPACKED_TOO_LARGE',
  'too-large': 'UNPACKED_TOO_LARGE',
  ratio: 'UNPACKED_TOO_LARGE',
} as const satisfies Record<string, FailureCode>

export type RefusalReason = keyof typeof REFUSALS

interface RefusalOptions {
  hint?: string
  cause?: unknown
}

/**
 * What was found; with names or numbers in it in both languages. Of what has none the reason says
 * the same in Chinese.
 */
export type Found = string | Words

/** A refused archive: `reason` for programs, `entry` the path as far as it could be read. */
export class ArchiveRefusal extends PacklineError {
  readonly reason: RefusalReason
  readonly entry: string | undefined

  constructor(
    reason: RefusalReason,
    entry: string | undefined,
    found: Found,
    options: RefusalOptions = {},
  ) {
    const told: { found: string; hint?: string } = REFUSALS_ZH[reason]
    const { en, zh } = typeof found === 'string' ? { en: found, zh: told.found } : found
    const [detail, inChinese] =
      entry === undefined ? [en, zh] : [`${quote(entry)}: ${en}`, `${quote(entry)}：${zh}`]
    super(REFUSALS[reason], detail, { ...options, zh: { detail: inChinese, hint: told.hint } })
    this.name = 'ArchiveRefusal'
    this.reason = reason
    this.entry = entry
  }
}

/** A name as a message may carry it: no control character reaches a terminal or a log line. */
export function quote(name: string): string {
  const short = name.length > 200 ? `${name.slice(0, 200)}...` : name
  // JSON leaves DEL, C1 controls and bidirectional marks as they are; a terminal acts on them.
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
