import { type FailureWords, PacklineError, type Words } from '@packline/shared'

/** Each limit of a command has a failure of its own. */
type LimitCode =
  | 'TIMED_OUT'
  | 'TOO_MUCH_OUTPUT'
  | 'OUT_OF_MEMORY'
  | 'TOO_MANY_PROCESSES'
  | 'TOO_MANY_OPEN_FILES'
  | 'TOO_MUCH_DISK'
  | 'TOO_MANY_FILES'

/** A command that a limit of ours has ended; a load check tells it as a finding, in its words. */
export class OverLimit extends PacklineError {
  readonly words: Words
  /** How to keep to it, and what raises it. */
  readonly raise: Words | undefined

  constructor(code: LimitCode, { detail, hint }: FailureWords, output: string[]) {
    super(code, detail.en, { hint: hint?.en, zh: { detail: detail.zh, hint: hint?.zh }, output })
    this.words = detail
    this.raise = hint
  }
}
