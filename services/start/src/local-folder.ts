import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PacklineError } from '@packline/shared'
import { takeRunLock } from './run-lock.ts'

/** Everything that a run leaves lies in here, below the clone. */
export interface LocalFolder {
  path: string
  /** The development key, made once. */
  key: string
  /** Lets another run have the folder. */
  release(): Promise<void>
}

/** Shorter ones were cut while they were written. */
const KEY_CHARACTERS_MIN = 32

/** Takes the clone's `.local`; throws where it can not be written or another run has it. */
export async function takeLocalFolder(root: string): Promise<LocalFolder> {
  const path = join(root, '.local')
  try {
    await mkdir(path, { recursive: true })
    const lock = join(path, 'run.pid')
    await takeRunLock(lock)
    const key = await readOrMakeKey(join(path, 'key'))
    return { path, key, release: () => rm(lock, { force: true }) }
  } catch (error) {
    if (error instanceof PacklineError) throw error
    const reason = error instanceof Error && 'code' in error ? error.code : error
    throw new PacklineError('INVALID_REQUEST', `${path} can not be written (${reason})`, {
      hint: 'Run it in a clone that belongs to you.',
      cause: error,
    })
  }
}

async function readOrMakeKey(file: string): Promise<string> {
  const known = (await readFile(file, 'utf8').catch(() => '')).trim()
  if (known.length >= KEY_CHARACTERS_MIN) return known
  const key = `pk_dev_${randomBytes(24).toString('base64url')}`
  await writeFile(file, key, { mode: 0o600 })
  return key
}
