import { parseArgs } from 'node:util'
import { PacklineError } from '@packline/shared'

export interface BenchOptions {
  /** One-file functions that each of the three packages per pair. */
  functions: number
  pairs: number
  /** Functions that are loaded as well, beside as many starts of the sandbox alone. */
  loads: number
}

export const USAGE = `usage: npm run bench [-- OPTIONS]

  --functions N   functions per run (default 5000; fewer give a quick look)
  --pairs N       how often each is measured, in turn (default 5)
  --loads N       functions per run with the load check on (default 200)
`

/** The sizes that were asked for; throws INVALID_REQUEST for what is no whole number from 1 up. */
export function readOptions(args: string[]): BenchOptions {
  const { functions, pairs, loads } = parse(args)
  return {
    functions: wholeNumber('--functions', functions),
    pairs: wholeNumber('--pairs', pairs),
    loads: wholeNumber('--loads', loads),
  }
}

/** The figures in docs/performance.md were measured with the defaults. */
function parse(args: string[]): Record<keyof BenchOptions, string> {
  const options = {
    functions: { type: 'string', default: '5000' },
    pairs: { type: 'string', default: '5' },
    loads: { type: 'string', default: '200' },
  } as const
  try {
    return parseArgs({ args, options }).values
  } catch (cause) {
    const [found = ''] = String(cause instanceof Error ? cause.message : cause).split(/[.\n]/, 1)
    throw new PacklineError('INVALID_REQUEST', `${found}.`, { cause })
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new PacklineError(
    'INVALID_REQUEST',
    `${option} takes a whole number from 1 up, not ${text}.`,
  )
}
