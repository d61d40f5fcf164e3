import process from 'node:process'

/** How long an orphan may take to end in good order, in milliseconds. */
const GRACE_MS = 5000

/**
 * Ends this process when the one that started it with a channel dies, by `kill -9` too: first as by
 * SIGTERM, so that the usual way out is taken, then at once. Nothing happens without a channel.
 */
export function exitWithParent(graceMs: number = GRACE_MS): void {
  if (!process.channel) return
  process.once('disconnect', () => {
    setTimeout(() => process.exit(1), graceMs).unref()
    process.kill(process.pid, 'SIGTERM')
  })
  // A listener keeps the event loop alive; a channel nobody writes to should not.
  process.channel.unref()
}
