// Plain JavaScript: the launcher needs it on Node.js 20, before anything is installed.
import { readFileSync } from 'node:fs'

/** Whether a process lives, somebody else's too. */
export function lives(pid) {
  // 0 and below are groups of processes to `kill`.
  if (!(pid > 0)) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** A process for good, as text for a file: its number may be another's later. */
export function processMark(pid) {
  return `${pid} ${startTimeOf(pid)}`
}

/** Whether the process that a mark was made of lives still. */
export function livesStill(mark) {
  const pid = Number.parseInt(mark, 10)
  return lives(pid) && processMark(pid) === mark
}

/** Ticks since the machine started; "unknown" where there is no /proc: then the number decides. */
function startTimeOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'unknown'
  } catch {
    // No such file system, or the process has ended.
    return 'unknown'
  }
}
