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
  /** What secrets are kept with, made once: 32 bytes, base64. */
  secretKey: string
  /** Lets another run have the folder. */
  release(): Promise<void>
}

/** Shorter ones were cut while they were written. */
const KEY_CHARACTERS_MIN = 32
const SECRET_KEY = /^[\w+/]{43}=$/

/** Takes the clone's `.local`; throws where it can not be written or another run has it. */
export async function takeLocalFolder(root: string): Promise<LocalFolder> {
  const path = join(root, '.local')
  try {
    await mkdir(path, { recursive: true })
    const lock = join(path, 'run.pid')
    await takeRunLock(lock)
    const key = await readOrMake(
      join(path, 'key'),
      (text) => text.length >= KEY_CHARACTERS_MIN,
      () => `pk_dev_${randomBytes(24).toString('base64url')}`,
    )
    const secretKey = await readOrMake(
      join(path, 'secret-key'),
      (text) => SECRET_KEY.test(text),
      () => randomBytes(32).toString('base64'),
    )
    return { path, key, secretKey, release: () => rm(lock, { force: true }) }
  } catch (error) {
    if (error instanceof PacklineError) throw error
    const reason = error instanceof Error && 'code' in error ? error.code : error
    throw new PacklineError('INVALID_REQUEST', `${path} can not be written (${reason})`, {
      hint: 'Run it in a clone that belongs to you.',
      cause: error,
    })
  }
}

async function readOrMake(
  file: string,
  isWhole: (text: string) => boolean,
  make: () => string,
): Promise<string> {
  const known = (await readFile(file, 'utf8').catch(() => '')).trim()
  if (isWhole(known)) return known
  const made = make()
  await writeFile(file, made, { mode: 0o600 })
  return made
}
