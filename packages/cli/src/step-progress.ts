import type { BuildContext } from '@packline/engine'
import type { BuildEventBody } from '@packline/shared'
import { duration } from '@packline/terminal'
import { row } from './rows.ts'

/** Tells each stage when it begins, each step when it ends, and what tools print meanwhile. */
export function stepProgress(
  output: NodeJS.WritableStream,
  options: { quiet: boolean },
): BuildContext['reporter'] {
  const say = (text: string | undefined) => {
    if (!options.quiet && text !== undefined) output.write(`${text}\n`)
  }
  return {
    event: (body) => say(inWords(body)),
    log: (line) => say(row('', `| ${line}`)),
    pin: async () => undefined,
  }
}

function inWords(body: BuildEventBody): string | undefined {
  if (body.type === 'stage') return row('make', body.stage)
  if (body.type === 'warning') return row('warning', body.message)
  if (body.type !== 'step' || body.status !== 'finished') return undefined
  return row(body.step, duration(body.ms))
}
