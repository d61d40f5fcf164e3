import { failed, PacklineError } from '@packline/shared'

/** What a failed connection is to the caller; our own refusals stay what they are. */
export function unreachable(error: unknown, place: string): PacklineError {
  const refusal = chain(error).find((one) => one instanceof PacklineError)
  if (refusal) return refusal
  const why = told(error)
  const detail = {
    en: `${place} could not be read: ${why ?? 'the connection failed'}`,
    zh: `无法读取 ${place}：${why ?? '连接失败'}`,
  }
  return failed('SOURCE_UNREACHABLE', { detail }, { cause: error })
}

/** Codes rather than texts: those name the addresses that were tried. */
function told(error: unknown): string | undefined {
  for (const one of chain(error)) {
    if ('code' in one && typeof one.code === 'string') return one.code
  }
  return undefined
}

/** The error, those it was made of, and what caused each. */
function chain(error: unknown, depth = 0): Error[] {
  if (!(error instanceof Error) || depth > 4) return []
  const parts = error instanceof AggregateError ? error.errors : []
  return [error, ...[...parts, error.cause].flatMap((one) => chain(one, depth + 1))]
}
