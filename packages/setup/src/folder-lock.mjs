// Plain JavaScript: the launcher needs it on Node.js 20, before anything is installed.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { livesStill, processMark } from './process-life.mjs'

const POLL_MS = 200

/** Runs `task` while holding a lock that is a folder; one left by a dead process is taken over. */
export async function withFolderLock(folder, task, { waitMsMax = 10 * 60_000, signal } = {}) {
  const deadline = Date.now() + waitMsMax
  while (!take(folder)) {
    if (Date.now() > deadline) {
      throw new Error(
        `process ${readOwner(folder)?.split(' ', 1)} holds ${folder} for too long: end it`,
      )
    }
    removeDead(folder)
    await wait(POLL_MS, undefined, { signal })
  }
  try {
    return await task()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

let takes = 0

function take(folder) {
  // The owner stands in the folder before the folder gets its name: a lock without one never shows.
  const mine = `${folder}.${process.pid}.${takes++}`
  mkdirSync(mine, { recursive: true })
  writeFileSync(path.join(mine, 'owner'), processMark(process.pid))
  try {
    // Fails when the lock is there, because that folder is not empty.
    renameSync(mine, folder)
    return true
  } catch (error) {
    rmSync(mine, { recursive: true, force: true })
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false
    throw error
  }
}

function removeDead(folder) {
  const owner = readOwner(folder)
  if (owner === undefined || livesStill(owner)) return
  const dead = `${folder}.dead.${process.pid}`
  try {
    renameSync(folder, dead)
    // Between the look and the move another process may have put a lock of its own there.
    if (readOwner(dead) !== owner) renameSync(dead, folder)
  } catch {
    // Somebody else was quicker to remove it.
  }
  rmSync(dead, { recursive: true, force: true })
}

function readOwner(folder) {
  try {
    return readFileSync(path.join(folder, 'owner'), 'utf8')
  } catch {
    // Just released.
    return undefined
  }
}
