/**
 * Answers the same question from memory for a moment: reading page after page, or build after build
 * of one batch, asks for the same few objects. At most `most` answers are kept, each for `ms`; a
 * failure is not kept.
 */
export function remember<T>(
  ask: (question: string) => Promise<T>,
  { most, ms }: { most: number; ms: number },
): (question: string) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  return (question) => {
    const before = known.get(question)
    if (before) return before
    const asked = ask(question)
    known.set(question, asked)
    const [oldest] = known.keys()
    if (known.size > most && oldest !== undefined) known.delete(oldest)
    const forget = () => {
      if (known.get(question) === asked) known.delete(question)
    }
    asked.then(() => setTimeout(forget, ms).unref(), forget)
    return asked
  }
}
