import { row } from '../rows.ts'
import type { Terminal } from '../terminal.ts'

/** Who stops watching with Ctrl-C is told that the work goes on, and how to watch it again. */
export async function resumable<T>(
  { stderr, signal }: Pick<Terminal, 'stderr' | 'signal'>,
  again: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (signal.aborted) stderr.write(`${row('goes on', `${again} takes it up again`)}\n`)
    throw error
  }
}
