import { spawn } from 'node:child_process'

// Reads until the pipe closes, which the kernel does for us however we die. A process group gets
// SIGTERM and, when it is still there after the grace, SIGKILL.
const SCRIPT = `
read -r _
kill -s TERM -- "-$1" || exit 0
left=$2
while [ "$left" -gt 0 ] && kill -s 0 -- "-$1"; do sleep 0.1; left=$((left - 1)); done
kill -s KILL -- "-$1"
`

/**
 * Ends the process group of `pid` when this process dies, by `kill -9` too and on every system
 * (`setpriv --pdeathsig` is Linux only). Answers how to call the watcher off, and waits until it
 * has gone: an orphan may stay in the process table until the system's first process looks.
 */
export function endWithUs(pid: number, graceMs: number): () => Promise<void> {
  const tenths = String(Math.ceil(graceMs / 100))
  const watcher = spawn('/bin/sh', ['-c', SCRIPT, 'packline-watcher', String(pid), tenths], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A group of its own: neither Ctrl-C nor a kill of our group may take it away first.
    detached: true,
    env: {},
  })
  watcher.stdin.on('error', () => {
    // The watcher was called off.
  })
  watcher.once('error', () => {
    // No /bin/sh: then nothing can be promised, and nothing else here would run either.
  })
  watcher.unref()
  if ('unref' in watcher.stdin && typeof watcher.stdin.unref === 'function') watcher.stdin.unref()
  const gone = new Promise<void>((resolve) => {
    watcher.once('exit', () => resolve())
    watcher.once('error', () => resolve())
  })
  return () => {
    watcher.ref()
    watcher.kill('SIGKILL')
    return gone
  }
}
