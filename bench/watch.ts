import { type Client, packlineClient } from '@packline/client'
import type { BuildRequestInput } from '@packline/shared'

const BATCH = 1000

/**
 * Submits the builds in batches and watches each to its last event; answers builds per second.
 * Fails when a build fails, and as soon as `signal` aborts.
 */
export async function submitAndWatch(
  server: { url: string; key: string },
  builds: readonly BuildRequestInput[],
  signal: AbortSignal,
): Promise<number> {
  const client = packlineClient(server)
  const started = performance.now()
  const parts = Array.from({ length: Math.ceil(builds.length / BATCH) }, (_, index) =>
    builds.slice(index * BATCH, (index + 1) * BATCH),
  )
  await Promise.all(
    parts.map(async (part) => {
      signal.throwIfAborted()
      const batch = await client.submitBatch({ builds: part })
      const ended = new Set<string>()
      for await (const change of client.batchEvents(batch.id, signal)) {
        if (change.state === 'failed') throw new Error(await failedText(client, change.build ?? ''))
        if (change.state === 'succeeded' && change.build) ended.add(change.build)
      }
      if (ended.size !== part.length) throw new Error(`${ended.size} of ${part.length} ended`)
    }),
  )
  return builds.length / ((performance.now() - started) / 1000)
}

/** Why it failed, where the server says so: the bare topology has no such answer. */
async function failedText(client: Client, id: string): Promise<string> {
  const build = await client.build(id).catch(() => undefined)
  const why = build?.failure ? `: ${build.failure.code} ${build.failure.detail}` : ''
  return `the build ${id} failed${why}`
}
