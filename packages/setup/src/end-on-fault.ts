import process from 'node:process'

interface FaultLog {
  fatal(details: { error: unknown }, message: string): void
}

/**
 * What nobody caught ends the process, as it would anyway, but with a line of its own log: Node.js
 * prints all that hangs on an error, and on Redis' errors hang whole requests.
 */
export function endOnFault(logger: FaultLog): void {
  process.once('uncaughtException', (error) => {
    logger.fatal({ error }, 'ends by a fault that nobody caught')
    process.exit(1)
  })
}
