import { readFileSync } from 'node:fs'
import { InvalidArgumentError } from 'commander'

/** Of an option that may be given several times. */
export function more(text: string, before: readonly string[]): string[] {
  return [...before, text]
}

/** Throws commander's own error for anything but a whole number from 1 on. */
export function wholeNumber(text: string, max: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`)
}

/** JSON as it stands, or that of a file where it begins with @. Throws commander's own error. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new InvalidArgumentError(`It must be JSON, or @FILE with JSON: ${why}.`)
  }
}

/** A day, or a time of it; without a zone that of this machine. Throws commander's own error. */
export function moment(text: string): Date {
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : new Date(Number.NaN)
  if (!Number.isNaN(time.getTime())) return time
  throw new InvalidArgumentError(
    'It must be a day or time such as 2026-01-05 or 2026-01-05T08:00Z.',
  )
}
