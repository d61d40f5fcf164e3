import type { PackageEntry } from '@packline/archive'
import type { Tree, TreeFile } from '../../tree.ts'

const RECORD = /^[^/]+\.dist-info\/RECORD$/
const RECORD_BYTES_MAX = 16 * 1024 * 1024

/**
 * The RECORD of every installed distribution, with the lines of files that are in the package, in
 * one order. As installers write it, it also has scripts with the path of this worker's Python and
 * notes of the tool; but importlib.metadata reads it at run time, and our rules tell by it whose a
 * file is.
 */
export async function equalRecords(
  output: Tree,
  packed: ReadonlySet<string>,
): Promise<PackageEntry[]> {
  const records = output.files.filter(({ path }) => RECORD.test(path))
  return Promise.all(
    records.map(async (file) => {
      const text = (await output.read(file.path, RECORD_BYTES_MAX)).toString('utf8')
      return recordOf(file, text, packed)
    }),
  )
}

/** The paths that a RECORD lists (PEP 376): lines of CSV, a path with a comma in quotes. */
export function recordedPaths(text: string): string[] {
  return linesOf(text).map(pathOf)
}

function recordOf({ path }: TreeFile, text: string, packed: ReadonlySet<string>): PackageEntry {
  const kept = linesOf(text).filter((line) => pathOf(line) === path || packed.has(pathOf(line)))
  const lines = kept.map((line) => (pathOf(line) === path ? `${path},,` : line))
  const content = Buffer.from(`${[...new Set(lines)].sort().join('\n')}\n`)
  return { path, kind: 'file', executable: false, size: content.length, content }
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '')
}

function pathOf(line: string): string {
  const quoted = /^"((?:[^"]|"")*)"/.exec(line)?.[1]
  return quoted === undefined ? (line.split(',')[0] ?? '') : quoted.replaceAll('""', '"')
}
