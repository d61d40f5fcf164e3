import { ArchiveRefusal } from '@packline/archive'
import {
  FAILURES,
  type Failure,
  type Language,
  PacklineError,
  toFailure,
  wordsInLanguage,
} from '@packline/shared'
import { inCommands } from './in-options.ts'
import { explainRows, findingRows, mendRow, outputRows, row } from './rows.ts'

/** What stopped a command, in a few lines; a stack only where the mistake is ours. */
export function errorText(error: unknown, language: Language = 'en'): string {
  if (!(error instanceof PacklineError)) {
    return `error: packline made a mistake\n${error instanceof Error ? error.stack : String(error)}`
  }
  const isUsage = FAILURES[error.code].status === 400
  // What this command line says of its own use is English, without a word of another language.
  const told = isUsage && !error.zh ? 'en' : language
  const { title, detail, hint } = wordsInLanguage(toFailure(error), told)
  // What the title of a request that is not valid says, the message says better.
  const reason = error instanceof ArchiveRefusal ? ` (${error.reason})` : ''
  const text = isUsage ? detail : `${title}${reason}\n${detail}`
  const mend = isUsage && error.hint === undefined ? undefined : hint
  const rows = [row('error', text), ...mendRows(mend, error.at), ...outputRows(error.output)]
  return rows.join('\n')
}

/** Fields of a request that are said by an option of their own, which a hint can not name. */
const OPTIONS: Readonly<Record<string, string>> = {
  handler: '--handler',
  initializer: '--initializer',
}

/** What is wrong in a manifest is mended there, in its words. */
function mendRows(hint: string | undefined, at = ''): string[] {
  if (hint === undefined) return []
  const option = OPTIONS[at]
  if (option !== undefined) {
    const colon = hint.endsWith('。') ? '：' : ': '
    return [mendRow(`${hint.slice(0, -1)}${colon}${option}`)]
  }
  return [at.startsWith('functions.') ? row('mend', inCommands(hint)) : mendRow(hint)]
}

/** A failed build in one screen; what the tool said stands above it already, as it said it. */
export function failureText(failure: Failure): string {
  const { step, title, code, detail, hint, findings = [] } = failure
  const place = step ? `at ${step}: ` : ''
  const rows = [row('failed', `${place}${title} (${code})`)]
  if (findings.length === 0) {
    rows.push(row('found', detail))
    if (hint) rows.push(mendRow(hint))
  }
  rows.push(...findings.flatMap(findingRows), ...explainRows(findings))
  return rows.join('\n')
}
