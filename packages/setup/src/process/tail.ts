import { open } from 'node:fs/promises'

const TAIL_BYTES = 2048

/** What a log ends with, as one line for a message: at most 300 characters. */
export async function readTail(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const length = Math.min(size, TAIL_BYTES)
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length)
    return lastLine(buffer.toString('utf8'))
  } finally {
    await handle.close()
  }
}

/** The last line of a text that speaks of an error, else the last that is not blank. */
export function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() && !/^\s+at /.test(line))
  const telling = lines.findLast((line) => /error|fatal|denied|in use|fail|can ?not/i.test(line))
  return (telling ?? lines.at(-1) ?? 'it printed nothing').trim().slice(0, 300)
}
