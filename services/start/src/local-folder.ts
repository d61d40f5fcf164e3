import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PacklineError } from '@packline/shared'

/** Everything that a run leaves lies in here, below the clone. */
export interface LocalFolder {
  path: string
  /** The development key, made once. */
  key: string
  /** Lets another run have the folder. */
  release(): Promise<void>
}

/** Takes the clone's `.local`; throws where it can not be written or another run has it. */
export async function takeLocalFolder(root: string): Promise<LocalFolder> {
  const path = join(root, '.local')
  try {
    await mkdir(path, { recursive: true })
    const lock = join(path, 'run.pid')
    await takeLock(lock)
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

async function takeLock(lock: string): Promise<void> {
  const handle = await open(lock, 'wx').catch(() => undefined)
  if (handle) {
    await handle.writeFile(String(process.pid))
    await handle.close()
    return
  }
  const holder = Number(await readFile(lock, 'utf8').catch(() => ''))
  if (holder > 0 && lives(holder)) {
    throw new PacklineError(
      'CONFLICT',
      `npm start runs in this clone already (process ${holder})`,
      {
        hint: 'Stop it with Ctrl-C there, or clone the repository again for a second one.',
      },
    )
  }
  // Its owner was killed: the folder is ours.
  await rm(lock, { force: true })
  await takeLock(lock)
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function readOrMakeKey(file: string): Promise<string> {
  const known = await readFile(file, 'utf8').catch(() => '')
  if (known.length >= 32) return known.trim()
  const key = `pk_dev_${randomBytes(24).toString('base64url')}`
  await writeFile(file, key, { mode: 0o600 })
  return key
}
