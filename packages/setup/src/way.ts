import { type FailureCode, PacklineError } from '@packline/shared'

/** One way to get something. It throws where it does not work, with a reason of one line. */
export interface Way<T> {
  name: string
  open: () => Promise<T>
}

interface Search<T> {
  /** What is looked for, as the user reads it: `Redis`. */
  thing: string
  ways: Way<T>[]
  /** Gets one line for each way that failed. */
  note: (line: string) => void
  code: FailureCode
  /** How to mend it when no way is left. */
  hint: string
  signal?: AbortSignal
}

/** Tries the ways in turn and answers the first that works; fails when none is left. */
export async function firstThatWorks<T>(search: Search<T>): Promise<T> {
  const reasons: string[] = []
  for (const way of search.ways) {
    search.signal?.throwIfAborted()
    try {
      return await way.open()
    } catch (error) {
      search.signal?.throwIfAborted()
      const reason = `${way.name}: ${firstLine(error)}`
      reasons.push(reason)
      search.note(`${search.thing}: ${reason}`)
    }
  }
  throw new PacklineError(search.code, `No ${search.thing} here (${reasons.join('; ')}).`, {
    hint: search.hint,
  })
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.split('\n', 1)[0] ?? text
}
