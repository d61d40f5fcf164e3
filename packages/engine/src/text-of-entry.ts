import type { Archive } from '@packline/archive'

/** The text of a file; undefined where there is none, or a longer one. */
export type ReadText = (path: string, bytesMax: number) => Promise<string | undefined>

/** Reads files of an archive as text. */
export function textReader(archive: Archive): ReadText {
  const files = archive.entries.filter(({ kind }) => kind === 'file')
  const sizes = new Map(files.map(({ path, size }) => [path, size]))
  return async (path, bytesMax) => {
    const size = sizes.get(path)
    if (size === undefined || size > bytesMax) return undefined
    return (await archive.read(path, bytesMax)).toString('utf8')
  }
}
