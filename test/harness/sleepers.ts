import type { BuildEvent, BuildRequestInput } from '@packline/shared'
import type { TestLine } from './line.ts'

export const TERMINAL: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled'])

let count = 0

/** A name that no other process, build or test has. */
export function marker(): string {
  count += 1
  return `sleeper-${process.pid}-${count}`
}

/**
 * A build whose handler takes so many seconds to load; meanwhile a process with the marker among
 * its arguments runs. It prints `MARKER begins` and `MARKER ends`.
 */
export function sleeper(
  mark: string,
  seconds: number,
  changes: Partial<BuildRequestInput> = {},
): BuildRequestInput {
  const code = `const { execFileSync } = require('node:child_process')
console.log('${mark} begins')
execFileSync('/bin/sh', ['-c', 'sleep ${seconds}; true', '${mark}'])
console.log('${mark} ends')
exports.handler = () => 1
`
  return {
    function: mark,
    runtime: 'nodejs',
    handler: 'index.handler',
    source: { kind: 'inline', files: { 'index.js': code } },
    ...changes,
  }
}

/** All events of a build, once it has ended. */
export function eventsOf(line: TestLine, id: string): Promise<BuildEvent[]> {
  return Array.fromAsync(line.client.events(id))
}

type EventOf<T extends BuildEvent['type']> = Extract<BuildEvent, { type: T }>

/** The events up to the first one of a type that fits. */
export async function untilEvent<T extends BuildEvent['type']>(
  line: TestLine,
  id: string,
  type: T,
  fits: (event: EventOf<T>) => boolean = () => true,
): Promise<BuildEvent[]> {
  const events: BuildEvent[] = []
  for await (const event of line.client.events(id)) {
    events.push(event)
    if (event.type === type && fits(event as EventOf<T>)) return events
  }
  throw new Error(`${id} ended without ${type}: ${JSON.stringify(events)}`)
}
