/**
 * What was looked at. `lacks`: something is not here that some functions need; `broken`: something
 * was named and does not work.
 */
export interface Checked {
  name: string
  state: 'fine' | 'lacks' | 'broken'
  /** What was found, or why it is not fine. */
  said: string
  /** The one line that mends it. */
  mend?: string
}

export function fine(name: string, said: string): Checked {
  return { name, state: 'fine', said }
}

export function lacks(name: string, said: string, mend: string): Checked {
  return { name, state: 'lacks', said, mend }
}

export function broken(name: string, said: string, mend: string): Checked {
  return { name, state: 'broken', said, mend }
}
