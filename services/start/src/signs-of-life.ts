const EVERY_MS = 10_000

/** Says every ten seconds that the work goes on, with the whole seconds since it began. */
export async function withSignsOfLife<T>(
  work: Promise<T>,
  say: (seconds: number) => void,
  everyMs: number = EVERY_MS,
): Promise<T> {
  const started = performance.now()
  const alive = setInterval(() => say(Math.round((performance.now() - started) / 1000)), everyMs)
  try {
    return await work
  } finally {
    clearInterval(alive)
  }
}
