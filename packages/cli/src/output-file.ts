import { randomUUID } from 'node:crypto'
import { constants, createWriteStream } from 'node:fs'
import { access, copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pathToFileURL } from 'node:url'
import type { Engine } from '@packline/engine'
import { PacklineError } from '@packline/shared'

/** Where a package goes: a folder, and the file's name by the format it turns out to have. */
export interface OutputPlace {
  folder: string
  fileName(format: 'zip' | 'jar'): string
}

/**
 * The place that --output names, a file or an existing folder, else NAME.zip or NAME.jar here.
 * Throws INVALID_REQUEST before anything is built where nothing can be written there.
 */
export async function outputPlace(
  output: string | undefined,
  functionName: string,
): Promise<OutputPlace> {
  const target = resolve(output ?? '.')
  const isFolder = output === undefined || output.endsWith('/') || (await isFolderAt(target))
  const folder = isFolder ? target : dirname(target)
  await checkWritable(folder)
  return {
    folder,
    fileName: (format) => (isFolder ? `${functionName}.${format}` : basename(target)),
  }
}

/** Keeps the finished package as a file of a folder: whole or not at all. */
export function outputFile(folder: string): Engine['store'] {
  return {
    address: (key) => pathToFileURL(join(folder, key)).href,
    put: async (key, content) => {
      const target = join(folder, key)
      const partial = join(folder, `.${key}.${randomUUID()}`)
      try {
        await mkdir(folder, { recursive: true })
        if ('bytes' in content) await writeFile(partial, content.bytes)
        else await copyFile(content.path, partial)
        await rename(partial, target)
      } catch (cause) {
        await rm(partial, { force: true }).catch(() => undefined)
        throw notWritable(target, cause)
      }
    },
  }
}

/** A stream as a file: whole or not at all. What the stream fails with is thrown as it is. */
export async function writeStream(
  target: string,
  stream: Readable,
  signal: AbortSignal,
): Promise<void> {
  const partial = join(dirname(target), `.${basename(target)}.${randomUUID()}`)
  try {
    await mkdir(dirname(target), { recursive: true })
    await pipeline(stream, createWriteStream(partial, { flags: 'wx' }), { signal })
    await rename(partial, target)
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined)
    if (cause instanceof PacklineError || signal.aborted) throw cause
    throw notWritable(target, cause)
  }
}

async function isFolderAt(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}

/** The folder, or where it does not exist yet the nearest one above it; throws INVALID_REQUEST. */
export async function checkWritable(folder: string): Promise<void> {
  try {
    const found = await stat(folder)
    if (!found.isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' })
    await access(folder, constants.W_OK | constants.X_OK)
  } catch (cause) {
    const isMissing = codeOf(cause) === 'ENOENT' && dirname(folder) !== folder
    if (!isMissing) throw notWritable(folder, cause)
    await checkWritable(dirname(folder))
  }
}

const REASONS: Record<string, string> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'its disk is read-only',
  ENOSPC: 'its disk is full',
  EDQUOT: 'your share of its disk is full',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
  ENOENT: 'nothing can be made there',
}

/** Why a path can not be written, in words. */
export function notWritable(path: string, cause: unknown): PacklineError {
  const code = codeOf(cause)
  const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause))
  return new PacklineError('INVALID_REQUEST', `${path} can not be written: ${reason}`, {
    hint: 'Name another place for it.',
    cause,
  })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
