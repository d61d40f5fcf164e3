import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { livesStill, processMark } from '@packline/setup'
import { PacklineError } from '@packline/shared'

/** Two that meet take turns; more rounds than this mean that the folder is not an ordinary one. */
const ROUNDS_MAX = 20

/** Takes a file as this process's own; throws CONFLICT while another process that lives has it. */
export async function takeRunLock(lock: string): Promise<void> {
  const mine = `${lock}.${process.pid}`
  await writeFile(mine, processMark(process.pid))
  try {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      if (await hasLinked(mine, lock)) return
      const holder = await readFile(lock, 'utf8').catch(() => '')
      // After a restart of the machine another program may have got its number.
      if (livesStill(holder)) throw isRunning(holder)
      await removeDead(lock, holder, `${mine}.dead`)
    }
    throw new Error(`${lock} can not be taken`)
  } finally {
    await rm(mine, { force: true })
  }
}

/** The file gets its name complete or not at all: nobody ever reads half of it. */
async function hasLinked(mine: string, lock: string): Promise<boolean> {
  try {
    await link(mine, lock)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function isRunning(holder: string): PacklineError {
  const [pid] = holder.split(' ')
  const found = `npm start runs in this clone already (process ${pid})`
  return new PacklineError('CONFLICT', found, {
    hint: 'Stop it with Ctrl-C there, or clone the repository again for a second one.',
  })
}

/** Its owner was killed. Another starter may have been quicker: its own lock is put back. */
async function removeDead(lock: string, holder: string, aside: string): Promise<void> {
  try {
    await rename(lock, aside)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    throw error
  }
  if ((await readFile(aside, 'utf8')) !== holder) await link(aside, lock).catch(() => undefined)
  await rm(aside, { force: true })
}
