import type { Client } from '@packline/client'
import { type BuildView, isTerminal, queueOf } from '@packline/shared'
import { inWords, lackOf, type Progress, type Row } from '@packline/terminal'
import type { Example } from './examples.ts'

/** What the examples are run with. */
export interface RunOptions {
  client: Pick<Client, 'submitBatch' | 'events' | 'build'>
  /** The runtime's version that an example is built for. */
  versionOf(example: Example): string
  /** Why the worker takes none of a queue's builds, by queue. */
  lacks: Readonly<Record<string, string>>
  progress: Progress
  signal: AbortSignal
}

/** Submits the examples as one batch, but those that nobody takes, and follows each to its end. */
export async function runExamples(
  examples: readonly Example[],
  options: RunOptions,
): Promise<Row[]> {
  const { client, progress } = options
  const lackOfQueue = (example: Example) =>
    options.lacks[queueOf(example.request.runtime, options.versionOf(example))]
  const possible = examples.filter((example) => lackOfQueue(example) === undefined)
  const ids = await submit(possible, client)
  const followed = examples.map(async (example): Promise<Row> => {
    const { name, request } = example
    const row = { name, runtime: `${request.runtime} ${options.versionOf(example)}` }
    const lacks = lackOfQueue(example)
    if (lacks !== undefined) {
      progress.end(name, `not built: ${lacks}`)
      return { ...row, lacks }
    }
    return { ...row, ...outcomeOf(await follow(example, ids.get(example) ?? '', options)) }
  })
  return Promise.all(followed)
}

async function submit(
  examples: readonly Example[],
  client: RunOptions['client'],
): Promise<Map<Example, string>> {
  if (examples.length === 0) return new Map()
  const { builds } = await client.submitBatch({ builds: examples.map(({ request }) => request) })
  return new Map(examples.map((example, index) => [example, builds[index] ?? '']))
}

async function follow(
  { name }: Example,
  id: string,
  { client, progress, signal }: RunOptions,
): Promise<BuildView> {
  for await (const event of client.events(id, signal)) {
    const text = inWords(event)
    if (text === undefined) continue
    const isEnd =
      event.type === 'failed' || event.type === 'succeeded' || event.type === 'cancelled'
    if (isEnd) progress.end(name, text)
    else progress.say(name, text)
  }
  return client.build(id)
}

/** A tool that the machine lacks is nobody's mistake: the example counts as not built. */
function outcomeOf(build: BuildView): Pick<Row, 'build' | 'lacks'> {
  const { failure } = build
  return failure?.code === 'TOOL_MISSING' ? { lacks: lackOf(failure) } : { build }
}

/** The examples that could be built and did not end as they say they would. */
export function surprises(rows: readonly Row[], examples: readonly Example[]): string[] {
  return rows.flatMap(({ name, build }, index) => {
    if (!build) return []
    const expected = examples[index]?.expect
    const found = build.state === 'failed' ? (build.failure?.code ?? 'failed') : build.state
    const isExpected = found === (expected ?? 'succeeded') && isTerminal(build.state)
    return isExpected ? [] : [`${name}: ${found}, expected ${expected ?? 'succeeded'}`]
  })
}
