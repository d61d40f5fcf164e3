import type { Client } from '@packline/client'
import { type BuildView, queueOf, type RuntimeName } from '@packline/shared'
import type { Example } from './examples.ts'
import { inWords, type Progress } from './progress.ts'
import type { Row } from './table.ts'

/** What a worker needs for a runtime's queue, and how to get it. */
const MEND: Record<RuntimeName, string> = {
  nodejs: 'no Node.js here',
  python: 'no Python here (apt-get install python3 python3-venv)',
  java: 'no JDK of that release here (apt-get install openjdk-17-jdk-headless)',
  go: 'no Go here (apt-get install golang)',
  custom: 'no shell here',
}

/** Submits the examples as one batch and follows each to its end. */
export async function runExamples(
  examples: readonly Example[],
  client: Client,
  versionOf: (example: Example) => string,
  progress: Progress,
  signal: AbortSignal,
): Promise<Row[]> {
  const queues = new Set((await client.workers()).flatMap((worker) => worker.queues))
  const taken = (example: Example) =>
    queues.has(queueOf(example.request.runtime, versionOf(example)))
  const possible = examples.filter(taken)
  const { builds } = await client.submitBatch({ builds: possible.map(({ request }) => request) })
  const ends = new Map<string, Row>()
  await Promise.all(
    possible.map(async (example, index) => {
      const build = await follow(example, builds[index] ?? '', client, progress, signal)
      ends.set(example.name, rowOf(example, versionOf(example), build))
    }),
  )
  return examples.map((example) => {
    const { runtime } = example.request
    const row = {
      name: example.name,
      runtime: `${runtime} ${versionOf(example)}`,
      lacks: MEND[runtime],
    }
    return ends.get(example.name) ?? row
  })
}

async function follow(
  example: Example,
  id: string,
  client: Client,
  progress: Progress,
  signal: AbortSignal,
): Promise<BuildView> {
  for await (const event of client.events(id, signal)) {
    const text = inWords(event)
    if (text === undefined) continue
    const ended = ['succeeded', 'failed', 'cancelled'].includes(event.type)
    if (ended) progress.end(example.name, text)
    else progress.say(example.name, text)
  }
  return client.build(id)
}

/** A tool that the machine lacks is nobody's mistake: the example counts as not built. */
function rowOf(example: Example, version: string, build: BuildView): Row {
  const row = { name: example.name, runtime: `${example.request.runtime} ${version}` }
  const { failure } = build
  if (failure?.code !== 'TOOL_MISSING') return { ...row, build }
  return { ...row, lacks: failure.hint ? `${failure.detail} (${failure.hint})` : failure.detail }
}

/** Whether everything that could be built ended as its example says. */
export function isAsExpected(rows: readonly Row[], examples: readonly Example[]): boolean {
  return rows.every(({ build }, index) => {
    if (!build) return true
    const expected = examples[index]?.expect
    if (expected === undefined) return build.state === 'succeeded'
    return build.state === 'failed' && build.failure?.code === expected
  })
}
