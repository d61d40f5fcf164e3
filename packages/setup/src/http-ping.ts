const ANSWER_MS_MAX = 2000

/** Whether a server answers a GET within 2 s with a status that `isGood` takes. */
export async function httpAnswers(
  url: string,
  isGood: (status: number) => boolean,
): Promise<boolean> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
      redirect: 'manual',
    })
    await response.body?.cancel()
    return isGood(response.status)
  } catch {
    // Nobody listens there yet.
    return false
  }
}
