import type { BuildContext } from '@packline/engine'
import type { BuildEventBody } from '@packline/shared'

/** Tells each step and stage on one line; tools' own lines only when asked for. */
export function stepProgress(
  output: NodeJS.WritableStream,
  options: { quiet: boolean },
): BuildContext['reporter'] {
  const say = (text: string) => {
    if (!options.quiet) output.write(`${text}\n`)
  }
  return {
    event: (body) => {
      const text = inWords(body)
      if (text !== undefined) say(text)
    },
    log: (line) => say(`         | ${line}`),
    pin: async () => undefined,
  }
}

function inWords(body: BuildEventBody): string | undefined {
  if (body.type === 'detected') return `detect   ${body.runtime} ${body.as} (${body.because})`
  if (body.type === 'stage') return `make     ${body.stage}`
  if (body.type === 'warning') return `warning  ${body.message}`
  if (body.type !== 'step' || body.status !== 'finished') return undefined
  return `${body.step.padEnd(8)} ${body.ms} ms`
}
