import type { ServerResponse } from 'node:http'

/** A reader that takes nothing for this long is cut; it comes back by the id of its last event. */
const PATIENCE_MS = 30_000

/** Writes and, where the reader is slow, waits for it: nothing piles up in memory. */
export async function pacedWrite(
  response: ServerResponse,
  text: string,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  if (response.destroyed || response.write(text)) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const cut = setTimeout(() => response.destroy(), patienceMs)
  response.once('drain', resolve).once('close', resolve)
  // It may have gone between the look and the write: then neither event comes any more.
  if (response.destroyed) resolve()
  await promise
  clearTimeout(cut)
  response.off('drain', resolve).off('close', resolve)
}

/** Aborts when the reader goes away, or has gone already. */
export function untilClosed(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  if (response.destroyed) gone.abort()
  response.once('close', () => gone.abort())
  return gone.signal
}
