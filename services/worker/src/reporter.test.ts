import type { Note, Records } from '@packline/records'
import { PacklineError } from '@packline/shared'
import { pino } from 'pino'
import { afterAll, describe, expect, test } from 'vitest'
import { newBuild } from '../../../packages/records/src/test-installation.ts'
import { makeReporter } from './reporter.ts'
import { makeWorkerInstallation } from './test/installation.ts'

const installation = await makeWorkerInstallation()
const { records } = installation
afterAll(() => installation.remove())

const silent = pino({ level: 'silent' })
const away = () => new PacklineError('RECORDS_UNAVAILABLE', 'Redis is away')
const never = () => {
  throw new Error('the note was refused')
}

async function begun() {
  const { ids } = await records.accept([newBuild()], { tenant: 'acme' })
  const [id = ''] = ids
  await records.begin(id, 'w1')
  return { id, attempt: 1 }
}

/** The real records, but so many notes fail first; `lost` are written and their answer is lost. */
function failing(times: number, lost = false) {
  const notes: Note[] = []
  const note: Records['note'] = async (id, attempt, given) => {
    notes.push(given)
    if (notes.length > times) return records.note(id, attempt, given)
    if (lost) await records.note(id, attempt, given)
    throw away()
  }
  return { note, notes }
}

const logOf = async (id: string) => (await records.log('acme', id)).map(({ text }) => text).join('')

describe('a reporter', () => {
  test('writes soon what it is told, in order, while the build goes on', async () => {
    const build = await begun()
    const reporter = makeReporter(build, records, silent, never)
    reporter.event({ type: 'stage', stage: 'install', command: 'npm ci' })
    for (let line = 1; line <= 3; line++) reporter.log(`line ${line}`)
    await expect.poll(() => logOf(build.id)).toBe('line 1\nline 2\nline 3\n')
    const events = await records.events('acme', build.id)
    expect(events.at(-1)).toMatchObject({ type: 'stage', stage: 'install' })
  })

  test('has nothing to write where the build is faster than it', async () => {
    const build = await begun()
    const reporter = makeReporter(build, { note: never }, silent, never)
    reporter.event({ type: 'warning', message: 'quick' })
    reporter.log('a line')
    const rest = await reporter.rest()
    expect(rest.log).toEqual(['a line'])
    expect(rest.events).toMatchObject([{ type: 'warning', at: expect.stringMatching(/Z$/) }])
    reporter.event({ type: 'warning', message: 'too late' })
    reporter.log('too late')
    expect(await reporter.rest()).toEqual(rest)
  })

  test('writes a flood of lines in few requests and loses none', async () => {
    const build = await begun()
    const { note, notes } = failing(0)
    const reporter = makeReporter(build, { note }, silent, never)
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}`)
    for (const line of lines) reporter.log(line)
    await expect.poll(async () => (await logOf(build.id)).length).toBeGreaterThan(200_000)
    expect(await logOf(build.id)).toBe(`${lines.join('\n')}\n`)
    expect(notes.length).toBeLessThan(5)
  })

  test('keeps what could not be written for the next write, in front', async () => {
    const build = await begun()
    const { note } = failing(2)
    const reporter = makeReporter(build, { note }, silent, never)
    reporter.log('first')
    setTimeout(() => reporter.log('second'), 400)
    await expect.poll(() => logOf(build.id), { timeout: 5000 }).toBe('first\nsecond\n')
    reporter.log('third')
    expect(await reporter.rest()).toMatchObject({ log: ['third'] })
  })

  test('says once that it can not write, however long that lasts', async () => {
    const warnings: string[] = []
    const logger = pino({ level: 'warn' }, { write: (line: string) => warnings.push(line) })
    const reporter = makeReporter(await begun(), failing(9), logger, never)
    for (let line = 0; line < 2000; line++) reporter.log('x'.repeat(100))
    await expect.poll(() => warnings.length).toBe(1)
    for (let line = 0; line < 2000; line++) reporter.log('y'.repeat(100))
    expect((await reporter.rest()).log).toHaveLength(4000)
    expect(warnings).toHaveLength(1)
  })

  test('writes twice, rather than not at all, what had no answer', async () => {
    const build = await begun()
    const reporter = makeReporter(build, failing(1, true), silent, never)
    reporter.log('kept')
    await expect.poll(() => logOf(build.id), { timeout: 5000 }).toBe('kept\nkept\n')
  })

  test('keeps no more in memory than the records keep of a log', async () => {
    const reporter = makeReporter(await begun(), failing(99), silent, never)
    const line = 'x'.repeat(8191)
    for (let count = 0; count < 3000; count++) reporter.log(line)
    expect((await reporter.rest()).log).toHaveLength(2048)
  })

  test('writes the pin with all that came before it, and fails where it can not', async () => {
    const build = await begun()
    const reporter = makeReporter(build, records, silent, never)
    reporter.log('before')
    await reporter.pin({ kind: 'inline', sha256: 'a'.repeat(64) })
    expect(await logOf(build.id)).toBe('before\n')
    expect((await records.get('acme', build.id)).pin).toMatchObject({ kind: 'inline' })
    const failed = makeReporter(build, failing(1), silent, never)
    failed.log('is not lost')
    const pin = failed.pin({ kind: 'inline', sha256: 'b'.repeat(64) })
    await expect(pin).rejects.toMatchObject({ code: 'RECORDS_UNAVAILABLE' })
    expect(await failed.rest()).toMatchObject({ log: ['is not lost'] })
  })

  test('tells of a refusal: another attempt has begun', async () => {
    const build = await begun()
    await records.begin(build.id, 'w2')
    let refusals = 0
    const reporter = makeReporter(build, records, silent, () => {
      refusals += 1
    })
    reporter.log('stale')
    await expect.poll(() => refusals).toBe(1)
    expect(await logOf(build.id)).toBe('')
  })
})
