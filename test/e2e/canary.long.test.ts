import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { craftZip } from '../../packages/archive/src/test/craft-zip.ts'
import { makeKeys } from '../../packages/records/src/keys.ts'
import { type Receiver, startReceiver } from '../../services/worker/src/test/receiver.ts'
import { everythingKept, type Kept, placesOf } from '../harness/kept.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { until } from '../harness/processes.ts'
import { type Canaries, type Canary, canaries, formsOf } from './canary/canaries.ts'
import { type Entered, enterAll } from './canary/enter.ts'
import { ROUTES } from './failures/failure-case.ts'

const USER = `canary-${process.pid}`
const make = canaries()
let folder: string
let redis: Redis
let receiver: Receiver
let line: TestLine
let entered: Entered
let kept: Kept[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-canary-'))
  redis = new Redis(process.env.PACKLINE_TEST_REDIS_URL ?? '')
  const password = make.secret('the password of Redis')
  await redis.acl('SETUSER', USER, 'on', `>${password}`, 'allkeys', 'allchannels', '+@all')
  const url = new URL(process.env.PACKLINE_TEST_REDIS_URL ?? '')
  const redisUrl = Object.assign(url, { username: USER, password }).href
  receiver = await startArchives()
  line = await startTestLine({ redisUrl, environment: environment(make) })
  make.known('the key that all is asked with', line.key)
  const queues = (await line.client.workers()).flatMap((worker) => worker.queues)
  entered = await enterAll(line, make, { receiver: receiver.url, queues })
  await untilKept()
  const early = entered.early.map(([place, content]): Kept => [`early ${place}`, content])
  const late = await everythingKept(line, join(folder, 'cache'))
  kept = [...early, ...late, ...(await everyAnswer())]
}, 600_000)
afterAll(async () => {
  await line?.stop()
  await receiver?.close()
  await redis?.acl('DELUSER', USER)
  await redis?.quit()
  if (folder) await rm(folder, { recursive: true, force: true })
})

/** What the operator sets: nobody but the services may know. */
function environment({ secret, known }: Canaries): Record<string, string> {
  const user = (place: string) => `me:${secret(place)}@${receiver.host}`
  const store = new URL((process.env.PACKLINE_TEST_STORE_URL ?? '').replace('s3+', ''))
  const registries = {
    npm: {
      config: {
        '//127.0.0.1:2/:_authToken': secret('a token of npm'),
        '//127.0.0.1:2/:_password': btoa(secret('a password of npm')),
        '//127.0.0.1:2/:username': 'me',
        '@me:registry': `http://${user('a registry of a scope')}/`,
      },
    },
    pip: { extraIndexUrls: `http://${user('an index of pip')}/simple` },
    go: { proxy: `http://${user('a proxy of Go')},off` },
    maven: { mirror: `http://${user('a mirror of Maven')}/` },
  }
  const objects = {
    name: 'main',
    endpoint: store.origin,
    region: 'cn-default',
    buckets: ['code'],
    accessKeyId: secret("the id of the operator's object key"),
    secretAccessKey: secret("the operator's object key"),
  }
  return {
    PACKLINE_LOG_LEVEL: 'debug',
    PACKLINE_OUTBOUND_ALLOW: '127.0.0.1',
    PACKLINE_CACHE: join(folder, 'cache'),
    PACKLINE_REGISTRIES: JSON.stringify(registries),
    PACKLINE_OBJECT_STORES: JSON.stringify([objects]),
    PACKLINE_SECRET_KEY: known('the key for secrets', randomBytes(32).toString('base64')),
  }
}

/** Gives an archive at `/a.zip`, and leads there with a signature of its own. */
function startArchives(): Promise<Receiver> {
  const archive = craftZip([{ name: 'index.js', content: 'exports.handler = async () => 1\n' }])
  const signed = `/a.zip?X-Signature=${make.secret('the query that an address leads to')}`
  return startReceiver(({ path }) => {
    if (path.startsWith('/a.zip')) return { status: 200, body: archive as unknown as string }
    if (path.startsWith('/led')) return { status: 302, headers: { location: signed } }
    return { status: path.startsWith('/told') ? 204 : 404 }
  })
}

/** Builds have left Redis for the archive, and what lasts is written. */
async function untilKept(): Promise<void> {
  const keys = makeKeys(line.prefix)
  await until(async () => {
    const names = entered.builds.map((id) => keys.build(id))
    const all = await Promise.all(names.map((name) => redis.hget(name, 'archivedIn')))
    return all.every((segment) => segment !== null)
  }, 60_000)
}

/** Of every route that can be read, for everything that there is. */
async function everyAnswer(): Promise<Kept[]> {
  const { builds, batches, hooks, functions } = entered
  const of: Record<string, string[]> = { builds, batches, hooks, functions }
  const answers: Kept[] = []
  for (const { method, template } of ROUTES) {
    if (method !== 'GET') continue
    const [, kind = ''] = template.replace('/v1', '').split('/')
    const named = template.includes('{') ? (of[kind] ?? ['library']) : ['']
    for (const one of named) {
      const path = template
        .replace(/\{(id|name)\}/, one)
        .replace('{path}', '.env')
        .replace('{runtime}', 'nodejs')
        .replace(/\{\w+\}/g, '1')
      const answer = await line.fetch(path, { headers: { accept: '*/*' } })
      const text = Buffer.from(await answer.arrayBuffer()).toString('latin1')
      answers.push([`answer ${path}`, text])
      // A secret that is broken over lines is one all the same.
      if (path.endsWith('/log')) answers.push([`log ${path}`, text.replaceAll('\n', '')])
    }
  }
  return answers
}

/** Files that are asked for are answered, and those of a build that has not ended are in Redis. */
const ASKED_FOR = /^early |^answer \/v1\/(functions\/\w+\/files\/|.*\/package$)/

/** Where a canary is, but where it has to be. */
function straysOf(canary: Canary): string[] {
  return placesOf(kept, ...formsOf(canary)).filter((place) => {
    const isContent = canary.at.length > 0
    return !(isContent && ASKED_FOR.test(place)) && !canary.at.some((at) => at.test(place))
  })
}

describe('a canary in every place that a secret can enter by', () => {
  test('is found nowhere but where it has to be', () => {
    const strays = make.all.flatMap((canary) => {
      const { place } = canary
      return straysOf(canary).map((found) => `${place}: ${found}`)
    })
    const names = make.all.map(({ place }) => place)
    process.stdout.write(`${names.length} canaries: ${names.join('; ')}\n`)
    process.stdout.write(`looked for in ${kept.length} places: ${strays.length} strays\n`)
    expect(strays).toEqual([])
    expect(names.length).toBeGreaterThan(90)
  })

  test('is in no refusal of what it was in', () => {
    const told: Kept[] = entered.refusals.map(({ place, text }) => [place, text])
    const strays = make.all.flatMap((canary) => placesOf(told, ...formsOf(canary)))
    expect(strays).toEqual([])
    const ends = entered.refusals.filter(({ status }) => status < 400 || status >= 500)
    expect(ends).toEqual([])
  })

  test('would be found: each content is where it has to be', () => {
    const missing = make.all.filter((canary) => {
      return canary.at.length > 0 && placesOf(kept, canary.value).length === 0
    })
    expect(missing.map(({ place }) => place)).toEqual([])
    const kinds = kept.map(([place]) => place.split(' ')[0])
    expect(new Set(kinds)).toEqual(new Set(['early', 'redis', 'store', 'file', 'answer', 'log']))
  })

  test('is found by the rule for secrets, which says where it is', async () => {
    const [, content = ''] = entered.builds
    const { findings } = await line.client.report(content)
    const found = findings.filter(({ rule }) => rule === 'secrets')
    const places = found.map(({ path, line: at }) => `${path}:${at}`)
    expect(places).toEqual(expect.arrayContaining(['config.json:1', 'index.js:1', '.env:2']))
  })

  test('was told by a tool that could read it', async () => {
    const [thief = ''] = entered.builds
    const log = await line.client.log(thief)
    expect(log).toContain('all was told')
    expect(log).toContain('//127.0.0.1:2/:_authToken="***"')
    expect(log.match(/\*\*\*/g)?.length).toBeGreaterThan(40)
  })
})
