import type { BuildEvent, Failure } from '@packline/shared'
import { size } from './quantities.ts'

/** An event in a few words; undefined for one that says nothing new to somebody who watches. */
export function inWords(event: BuildEvent): string | undefined {
  switch (event.type) {
    case 'queued':
      return 'queued'
    case 'waiting':
      return `waits for ${event.for}`
    case 'detected':
      return `${event.runtime} (${event.because})`
    case 'stage':
      return event.stage
    case 'step':
      // A step is told late, so that its stages, which say more, may stand there already.
      return event.status === 'started' && event.step !== 'make' ? event.step : undefined
    case 'requeued':
      return `again in ${event.delayMs} ms: ${event.reason}`
    case 'succeeded':
      return `${event.verdict.verdict}, ${size(event.package.size)}`
    case 'failed':
      return failed(event.failure)
    case 'cancelled':
      return `cancelled: ${event.reason}`
    default:
      return undefined
  }
}

function failed(failure: Failure): string {
  return failure.code === 'TOOL_MISSING'
    ? `not built: ${lackOf(failure)}`
    : `failed: ${failure.code}`
}

/** What the machine lacks and how to get it: "no Maven here (apt-get install maven)". */
export function lackOf({ detail, hint }: Failure): string {
  return hint === undefined ? detail : `${detail} (${hint.replace(/\.$/, '')})`
}
