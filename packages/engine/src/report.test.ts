import type { BuildRequestInput } from '@packline/shared'
import { expect, test } from 'vitest'
import { contextIn } from '../../../test/harness/context.ts'
import { orderOf } from '../../../test/harness/subject.ts'
import { type Journal, startJournal } from './journal.ts'
import { LOAD_CHECK, writeReport } from './report.ts'

const NO_WORDS = { en: '', zh: '' }

const context = await contextIn('')
const hello = { runtime: 'nodejs', handler: 'index.handler' } as const
const node = { name: 'Node.js', version: '24.1.0', because: '' }

async function reported(request: Partial<BuildRequestInput> = {}, journal: Partial<Journal> = {}) {
  const order = await orderOf({ ...hello, ...request })
  return writeReport(order, context, { ...startJournal(), ...journal })
}
const keyOf = async (...given: Parameters<typeof reported>) => (await reported(...given)).buildKey

test('equal requests have equal build keys, however they are labelled, named and ordered', async () => {
  const key = await keyOf({ version: '20.15' }, { tools: [node] })
  expect(key).toMatch(/^[0-9a-f]{64}$/)
  const loadCheck = { ...node, name: LOAD_CHECK }
  const tools = [{ ...node, because: 'another reason' }, loadCheck]
  const labels = { team: 'a' }
  const build = { load: false, timeoutSeconds: 7 }
  expect(await keyOf({ labels, function: 'other', priority: 'bulk', build }, { tools })).toBe(key)
  const order = await orderOf(hello)
  const { build: options, ...rest } = order.request
  const turned = { build: options, ...Object.fromEntries(Object.entries(rest).reverse()) } as never
  const journal = { ...startJournal(), tools: [node] }
  expect(writeReport({ ...order, request: turned }, context, journal).buildKey).toBe(key)
})

test('whatever can change the bytes changes the build key', async () => {
  const keys = await Promise.all([
    keyOf(),
    keyOf({ version: '18.15' }),
    keyOf({ architecture: 'aarch64' }),
    keyOf({ handler: 'index.other' }),
    keyOf({ build: { unwrap: true } }),
    keyOf({}, { tools: [node] }),
    keyOf({}, { tools: [{ ...node, version: '24.2.0' }] }),
    keyOf({}, { as: { as: 'source', because: NO_WORDS } }),
    keyOf({}, { as: { as: 'package', because: NO_WORDS } }),
    keyOf({}, { pin: { kind: 'inline', sha256: 'a' } }),
    keyOf({}, { pin: { kind: 'inline', sha256: 'b' } }),
  ])
  expect(new Set(keys).size).toBe(keys.length)
})

test('the name of a Java function is part of the key, as a jar is called by it', async () => {
  const java = { runtime: 'java', handler: 'com.example.Hello.handle' } as const
  expect(await keyOf({ ...java, function: 'one' })).not.toBe(
    await keyOf({ ...java, function: 'two' }),
  )
})

test('a build that failed early says so, and what the platform would be told', async () => {
  const report = await reported({ initializer: 'index.init' })
  expect(report).toMatchObject({
    verdict: { verdict: 'not-loaded', because: 'the build did not come so far' },
    detectedBecause: 'the request',
    configuration: {
      function: 'hello',
      type: 'event',
      runtime: 'nodejs',
      version: '20.15',
      architecture: 'x86_64',
      handler: 'index.handler',
      initializer: 'index.init',
      dependencies: [],
    },
  })
  expect(report.deploy).toBeUndefined()
})

test('the size says which ways of deploying are open', async () => {
  const order = await orderOf(hello)
  const { directDeployBytesMax, packageBytesMax } = order.profile.limits
  const openFor = (size: number) => {
    const stored = { key: 'k', address: 'a', format: 'zip', sha256: '', size } as const
    const all = { ...stored, entries: 1, unpackedSize: size }
    return writeReport(order, context, startJournal(), all).deploy
  }
  expect(openFor(directDeployBytesMax)).toEqual({ direct: true, objectStorage: true })
  expect(openFor(directDeployBytesMax + 1)).toEqual({ direct: false, objectStorage: true })
  expect(openFor(packageBytesMax + 1)).toEqual({ direct: false, objectStorage: false })
})
