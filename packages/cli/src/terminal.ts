import type { Language } from '@packline/shared'

/** What a command may use of the process that it runs in. */
export interface Terminal {
  environment: NodeJS.ProcessEnv
  /** Read only by what asks for a secret. */
  stdin: NodeJS.ReadStream
  /** Takes the result and nothing else. */
  stdout: NodeJS.WriteStream
  /** Takes progress and explanations. */
  stderr: NodeJS.WriteStream
  /** Of what findings say; JSON has all. */
  language: Language
  signal: AbortSignal
}
