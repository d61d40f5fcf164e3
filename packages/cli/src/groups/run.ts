import type { Terminal } from '../terminal.ts'

/** A command as its file exports it: arguments, then options; answers the exit code. */
type Work<Given extends unknown[]> = (terminal: Terminal, ...given: Given) => Promise<number>

/**
 * What commander calls. A command's file is loaded when it is run: the engine is half a second that
 * `packline status` need not wait for.
 */
export type Run = <Given extends unknown[]>(
  load: () => Promise<Work<Given>>,
) => (...given: Given) => Promise<void>
