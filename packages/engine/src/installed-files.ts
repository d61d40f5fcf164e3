import { posix } from 'node:path'

const RECORD = /(^|\/)[^/]+\.dist-info\/RECORD$/
/** A wheel of 30,000 files has some 3 MB of it. */
const RECORD_BYTES_MAX = 16 * 1024 * 1024

/** Where an installer puts what is nobody's own code. */
const INSTALLED = /(^|\/)(node_modules|site-packages|dist-packages|[^/]+\.(dist|egg)-info)\//

/** Whether the path alone tells that an installer put it there. */
export function isInstalledPath(path: string): boolean {
  return INSTALLED.test(path)
}

/** The files that Python's installers wrote down (RECORD, PEP 376), from the root. */
export async function recordedFiles(
  files: readonly { path: string; size: number; linkTarget?: string }[],
  read: (path: string, bytesMax: number) => Promise<Buffer>,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for (const { path, size, linkTarget } of files) {
    if (!RECORD.test(path) || linkTarget !== undefined || size > RECORD_BYTES_MAX) continue
    const root = posix.dirname(posix.dirname(path))
    for (const line of (await read(path, RECORD_BYTES_MAX)).toString('utf8').split('\n')) {
      const name = firstField(line)
      if (name !== '') found.add(posix.join(root, name))
    }
  }
  return found
}

/** Of a line of CSV: `path,sha256=...,123`, the path in quotes where a comma is in it. */
function firstField(line: string): string {
  const quoted = /^"((?:[^"]|"")*)"/.exec(line)?.[1]
  return quoted?.replaceAll('""', '"') ?? line.slice(0, line.indexOf(','))
}
