import { PacklineError } from '@packline/shared'

/** An error for people: what was found and how to mend it; a mistake of ours with its stack. */
export function inOneLine(error: unknown): string {
  if (!(error instanceof PacklineError)) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
  const { message, hint } = error
  return hint === undefined ? message : `${sentence(message)} ${sentence(hint)}`
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
