import type { Tree } from '../../../tree.ts'

const MANIFEST_BYTES_MAX = 16 * 1024 * 1024

/** A manifest's text. PowerShell's `>` writes UTF-16, Chinese Windows GBK; tools read UTF-8. */
export async function readText(tree: Tree, path: string): Promise<string> {
  const bytes = await tree.read(path, MANIFEST_BYTES_MAX)
  const mark = bytes.subarray(0, 2).toString('hex')
  if (mark === 'fffe') return new TextDecoder('utf-16le').decode(bytes)
  if (mark === 'feff') return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Not UTF-8: names of packages are ASCII, so only comments can come out wrong.
    return new TextDecoder('gb18030').decode(bytes)
  }
}

/** The 1-based line that a pattern first matches in, from an offset on; 1 where it never does. */
export function lineOf(text: string, pattern: RegExp, from = 0): number {
  const found = text.slice(from).search(pattern)
  return found < 0 ? 1 : text.slice(0, from + found).split('\n').length
}
