import { type DraftView, isEntryPath, PacklineError } from '@packline/shared'

/** Of each path what stands there, such that the same has the same tag here and on the server. */
export type Tags = ReadonlyMap<string, string>

export const FOLDER = 'folder'

export function fileTag(sha256: string, executable: boolean): string {
  return executable ? `${sha256}-x` : sha256
}

export function linkTag(target: string): string {
  return `link to ${target}`
}

/** Throws ARCHIVE_REFUSED for a path that could lead out of a folder here. */
export function tagsOfDraft({ entries }: Pick<DraftView, 'entries'>): Map<string, string> {
  return new Map(entries.map((entry) => [checked(entry.path), tagOf(entry)]))
}

function tagOf({ kind, sha256 = '', executable, linkTarget = '' }: DraftView['entries'][number]) {
  if (kind === 'folder') return FOLDER
  return kind === 'link' ? linkTag(linkTarget) : fileTag(sha256, executable)
}

function checked(path: string): string {
  if (isEntryPath(path)) return path
  const what = `The draft holds ${JSON.stringify(path)}, which no file here can be called`
  throw new PacklineError('ARCHIVE_REFUSED', what)
}
