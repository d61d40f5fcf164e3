import type { Client } from '@packline/client'
import { type BuildEvent, type BuildView, PacklineError, toFailure } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import type { Example } from './examples.ts'
import { runExamples, surprises } from './run-examples.ts'

const example = (name: string, runtime: 'nodejs' | 'java' = 'nodejs', expected?: string) =>
  ({ name, request: { function: name, runtime, source: {} }, expect: expected }) as Example

const missing = toFailure(
  new PacklineError('TOOL_MISSING', 'no npm here', { hint: 'apt-get install npm' }),
)

/** Answers as the API would for builds of these ends; the real one is asked end to end. */
function clientOf(ends: Record<string, Partial<BuildView>>) {
  const submitted: string[][] = []
  const client: Pick<Client, 'submitBatch' | 'events' | 'build'> = {
    submitBatch: async ({ builds }) => {
      submitted.push(builds.map((request) => request.function))
      return { id: 'batch', events: '', builds: builds.map((request) => `id-${request.function}`) }
    },
    events: async function* (id) {
      const { state, failure } = ends[id] ?? {}
      yield { type: 'queued', queue: 'nodejs', seq: 1, at: '' }
      yield { type: state, failure, seq: 2, at: '', reason: '' } as BuildEvent
    },
    build: async (id) => ends[id] as BuildView,
  }
  return { client, submitted }
}

function run(examples: Example[], ends: Record<string, Partial<BuildView>>) {
  const said: string[] = []
  const say = (name: string, text: string) => void said.push(`${name}: ${text}`)
  const { client, submitted } = clientOf(ends)
  const rows = runExamples(examples, {
    client,
    versionOf: () => '17',
    lacks: { 'java-17': 'no JDK here (apt-get install default-jdk-headless)' },
    progress: { say, end: say, total: () => undefined, close: () => undefined },
    signal: AbortSignal.timeout(5000),
  })
  return { rows, said, submitted }
}

describe('runExamples', () => {
  test('asks for what the worker can build, and says of the rest what is lacking', async () => {
    const ends = { 'id-one': { state: 'cancelled' } as const }
    const { rows, said, submitted } = run([example('hello', 'java'), example('one')], ends)
    expect(await rows).toEqual([
      {
        name: 'hello',
        runtime: 'java 17',
        lacks: 'no JDK here (apt-get install default-jdk-headless)',
      },
      { name: 'one', runtime: 'nodejs 17', build: ends['id-one'] },
    ])
    expect(submitted).toEqual([['one']])
    expect(said).toContain('hello: not built: no JDK here (apt-get install default-jdk-headless)')
    expect(said).toContain('one: queued')
  })

  test('asks for nothing where nothing can be built', async () => {
    const { rows, submitted } = run([example('hello', 'java')], {})
    expect(await rows).toHaveLength(1)
    expect(submitted).toEqual([])
  })

  test('a tool that turns out to be missing counts as not built', async () => {
    const { rows, said } = run([example('one')], {
      'id-one': { state: 'failed', failure: missing },
    })
    expect(await rows).toEqual([
      { name: 'one', runtime: 'nodejs 17', lacks: 'no npm here (apt-get install npm)' },
    ])
    expect(said.at(-1)).toBe('one: not built: no npm here (apt-get install npm)')
  })
})

describe('surprises', () => {
  const row = (name: string, build?: Partial<BuildView>) =>
    ({ name, runtime: '', build }) as Parameters<typeof surprises>[0][number]
  const failed = { state: 'failed', failure: { code: 'COMPILE_FAILED' } } as Partial<BuildView>

  test('are none where all succeeded, was not built, or failed as it says', () => {
    const examples = [example('a'), example('b'), example('c', 'nodejs', 'COMPILE_FAILED')]
    const rows = [row('a', { state: 'succeeded' }), row('b'), row('c', failed)]
    expect(surprises(rows, examples)).toEqual([])
  })

  test('name each that ended otherwise, with what was expected', () => {
    const examples = [
      example('a'),
      example('b', 'nodejs', 'TIMED_OUT'),
      example('c', 'nodejs', 'TIMED_OUT'),
      example('d'),
    ]
    const rows = [
      row('a', failed),
      row('b', failed),
      row('c', { state: 'succeeded' }),
      row('d', { state: 'cancelled' }),
    ]
    expect(surprises(rows, examples)).toEqual([
      'a: COMPILE_FAILED, expected succeeded',
      'b: COMPILE_FAILED, expected TIMED_OUT',
      'c: succeeded, expected TIMED_OUT',
      'd: cancelled, expected succeeded',
    ])
  })
})
