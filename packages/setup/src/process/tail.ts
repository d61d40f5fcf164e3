import { open } from 'node:fs/promises'

const TAIL_BYTES = 2048

/** The last line of a log that says something; for messages, so never more than 300 characters. */
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

/** The last line of a text that is not blank. */
export function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim())
  return (lines.at(-1) ?? 'it printed nothing').trim().slice(0, 300)
}
