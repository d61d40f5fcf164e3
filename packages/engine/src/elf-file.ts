import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** Names that are longer are none that anybody looks for; a table may be one endless name. */
const NAME_BYTES_MAX = 512

/** Opens a file of a package for reading; never through a link, nor waiting for a pipe. */
export function openBinary(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
}

/** Fewer bytes where the file ends before, none outside of it. */
export async function readAt(file: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  if (!Number.isSafeInteger(offset) || offset < 0) return Buffer.alloc(0)
  const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, offset)
  return buffer.subarray(0, bytesRead)
}

/** The text at an offset up to its zero byte; empty outside the table and where it is too long. */
export function textAt(table: Buffer, offset: number): string {
  const name = table.subarray(offset, offset + NAME_BYTES_MAX)
  const end = name.indexOf(0)
  return end < 0 ? '' : name.toString('utf8', 0, end)
}

/** The same straight from the file, where the table is larger than what is wanted of it. */
export async function readText(file: FileHandle, offset: number): Promise<string> {
  return textAt(await readAt(file, offset, NAME_BYTES_MAX), 0)
}
