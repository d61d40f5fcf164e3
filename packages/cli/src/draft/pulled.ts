import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PacklineError, PULLED_FILE } from '@packline/shared'
import { notWritable } from '../output-file.ts'
import type { Tags } from './tags.ts'

/** Which version of which draft a folder was made on, and how its files were then. */
export interface Pulled {
  url: string
  function: string
  version: number
  files: Tags
}

/** Undefined where the folder was pulled from nowhere, or from another function or server. */
export async function readPulled(
  folder: string,
  wanted: Pick<Pulled, 'url' | 'function'>,
): Promise<Pulled | undefined> {
  const path = join(folder, PULLED_FILE)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw unreadable(path, cause)
  })
  if (text === undefined) return undefined
  const { url, function: name, version, files } = parse(path, text)
  if (url !== wanted.url || name !== wanted.function) return undefined
  return { url, function: name, version, files: new Map(Object.entries(files)) }
}

/** Whole or not at all. */
export async function writePulled(folder: string, pulled: Pulled): Promise<void> {
  const path = join(folder, PULLED_FILE)
  const partial = `${path}.${randomUUID()}`
  const kept = { ...pulled, files: Object.fromEntries(pulled.files) }
  try {
    await writeFile(partial, `${JSON.stringify(kept, null, 2)}\n`)
    await rename(partial, path)
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined)
    throw notWritable(path, cause)
  }
}

type Kept = Omit<Pulled, 'files'> & { files: Record<string, string> }

function parse(path: string, text: string): Kept {
  try {
    const kept = Object(JSON.parse(text)) as Partial<Kept>
    const { url, function: name, version, files } = kept
    const isWhole = typeof url === 'string' && typeof name === 'string' && Number.isInteger(version)
    if (isWhole && typeof files === 'object' && files !== null) return kept as Kept
  } catch (cause) {
    throw unreadable(path, cause)
  }
  throw unreadable(path)
}

function unreadable(path: string, cause?: unknown): PacklineError {
  return new PacklineError('INVALID_REQUEST', `${path} does not say what was pulled`, {
    hint: 'Remove it, and pull again.',
    cause,
  })
}
