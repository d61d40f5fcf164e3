import { errorForLog } from '@packline/setup'
import { type DestinationStream, type Logger, pino } from 'pino'

/** Lines of JSON that name the worker; by default to standard output. */
export function makeLogger(level: string, worker: string, to?: DestinationStream): Logger {
  const options = {
    level,
    name: 'worker',
    base: { worker },
    serializers: { error: errorForLog },
  }
  return to ? pino(options, to) : pino(options)
}
