import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * Runs a program in the foreground and answers its exit code. The channel beside the three streams
 * carries no messages: it closes when this process dies, by `kill -9` too, and the child watches it
 * (`exitWithParent` in packages/setup).
 */
export function runChild(binary, argv, cwd) {
  const child = spawn(binary, argv, { cwd, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  const forward = (signal) => child.kill(signal)
  process.on('SIGTERM', forward)
  process.on('SIGHUP', forward)
  // Ctrl-C reaches the child from the terminal already; twice would mean "at once".
  process.on('SIGINT', (signal) => process.stdin.isTTY || forward(signal))
  endWithNpm(child)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]))
  })
}

const PARENT_LOOK_MS = 250

/**
 * npm sends a signal to the shell that it started us with, which dies of it alone; killed with -9
 * it sends none. Either way we get another parent. Without npm an orphan may be wanted (nohup).
 */
function endWithNpm(child) {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const look = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(look)
    child.kill('SIGTERM')
  }, PARENT_LOOK_MS)
  look.unref()
}
