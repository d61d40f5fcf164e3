import { type DestinationStream, type Logger, pino } from 'pino'

/** Lines of JSON that name the worker; by default to standard output. */
export function makeLogger(level: string, worker: string, to?: DestinationStream): Logger {
  const options = {
    level,
    name: 'worker',
    base: { worker },
    // Under any other name than `err` pino writes an error without its message and its cause.
    serializers: { error: pino.stdSerializers.errWithCause },
  }
  return to ? pino(options, to) : pino(options)
}
