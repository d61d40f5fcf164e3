import type { Client } from '@packline/client'
import { type BuildEventBody, type BuildView, PacklineError, toFailure } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { testTerminal } from '../test-terminal.ts'
import { followBuild } from './follow-build.ts'

/** What the API says of one build; the real one is asked end to end. */
function clientOf(bodies: BuildEventBody[], log: string[], view: Partial<BuildView>) {
  return {
    events: async function* () {
      for (const [at, body] of bodies.entries()) yield { ...body, seq: at + 1, at: '' }
    },
    logEvents: async function* () {
      for (const text of log) yield { text }
    },
    build: async () => ({ id: 'b1', function: 'hello', ...view }) as BuildView,
  } as unknown as Client
}

const CANCELLED: BuildEventBody[] = [
  { type: 'queued', queue: 'nodejs' },
  { type: 'step', step: 'make', status: 'finished', ms: 1200 },
  { type: 'cancelled', reason: 'asked for' },
]
const ended = { state: 'cancelled', cancelReason: 'asked for' } as const

describe('a build that is followed', () => {
  test('shows steps and lines, whole however they were cut, and then how it ended', async () => {
    const client = clientOf(CANCELLED, ['one\ntw', 'o\nthree'], ended)
    const { terminal, stdout, stderr } = testTerminal()
    const build = { id: 'b1', name: 'hello' }
    expect(await followBuild(terminal, client, build, { follow: true })).toBe(1)
    const lines = stderr().trimEnd().split('\n')
    expect(lines).toEqual(expect.arrayContaining(['make      1.2 s']))
    expect(lines.filter((text) => text.includes('|'))).toEqual([
      '          | one',
      '          | two',
      '          | three',
    ])
    expect(lines.at(-1)).toBe('cancelled asked for')
    expect(stdout()).toBe('')
  })

  test('in one line, and nothing but the end as JSON where that is asked for', async () => {
    const plain = testTerminal()
    const client = clientOf(CANCELLED, [], ended)
    const build = { id: 'b1', name: 'hello' }
    expect(await followBuild(plain.terminal, client, build, { wait: true })).toBe(1)
    expect(plain.stderr()).toBe('hello: queued\nhello: cancelled: asked for\ncancelled asked for\n')
    const json = testTerminal()
    expect(await followBuild(json.terminal, client, build, { wait: true, json: true })).toBe(1)
    expect(json.stderr()).toBe('')
    expect(JSON.parse(json.stdout()).build).toMatchObject({ id: 'b1', state: 'cancelled' })
  })

  test('that fails exits as its failure does, and says what the tool said where nobody saw it', async () => {
    const failure = toFailure(new PacklineError('TIMED_OUT', 'too slow', { output: ['npm waits'] }))
    const client = clientOf([{ type: 'failed', failure }], [], { state: 'failed', failure })
    const { terminal, stderr } = testTerminal()
    expect(await followBuild(terminal, client, { id: 'b1', name: 'hello' }, { wait: true })).toBe(5)
    expect(stderr()).toContain('found     too slow\n')
    expect(stderr()).toContain('| npm waits\n')
  })

  test('goes on where its watcher is stopped, which is said with how to come back', async () => {
    const stop = new AbortController()
    const client = clientOf([], [], {})
    client.events = async function* () {
      stop.abort(new Error('stopped'))
      yield* []
      throw stop.signal.reason
    }
    const { terminal, stderr } = testTerminal({ signal: stop.signal })
    const build = { id: 'b1', name: 'hello' }
    await expect(followBuild(terminal, client, build, { wait: true })).rejects.toThrow('stopped')
    expect(stderr()).toBe('goes on   packline logs -f b1 takes it up again\n')
  })
})
