/** What a command may use of the process that it runs in. */
export interface Terminal {
  environment: NodeJS.ProcessEnv
  /** Takes the result and nothing else. */
  stdout: NodeJS.WritableStream
  /** Takes progress and explanations. */
  stderr: NodeJS.WritableStream
  signal: AbortSignal
}
