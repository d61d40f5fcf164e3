import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, packlineClient } from '../packages/client/src/client.ts'
import { serve, type TestServer } from '../packages/client/src/test/serve.ts'
import { DESCRIPTIONS } from '../services/api/src/openapi.ts'

const KEYED = { idempotencyKey: 'once' }
const MATCH = { ifMatch: '"draft-1"' }
const BUILD: BuildRequestInput = {
  function: 'f',
  runtime: 'nodejs',
  source: { kind: 'inline', files: { 'index.js': '' } },
}
const GIT = { kind: 'git', url: 'https://git.example/a.git' } as const
const { function: _, ...LIBRARIES } = BUILD

/** Each call of the client, as it is asked for what it can be asked for. */
const CALLS: Record<keyof Client, (client: Client) => unknown> = {
  submit: (client) => client.submit(BUILD, KEYED),
  build: (client) => client.build('b'),
  builds: (client) => client.builds({ limit: 1 }),
  events: (client) => Array.fromAsync(client.events('b')),
  log: (client) => client.log('b'),
  logEvents: (client) => Array.fromAsync(client.logEvents('b')),
  report: (client) => client.report('b'),
  configuration: (client) => client.configuration('b'),
  sbom: (client) => client.sbom('b'),
  sourceMap: (client) => client.sourceMap('b'),
  deployment: (client) => client.deployment('b'),
  download: (client) => client.download('b'),
  cancel: (client) => client.cancel('b'),
  retry: (client) => client.retry('b', KEYED),

  submitBatch: (client) => client.submitBatch({ builds: [BUILD] }, KEYED),
  submitBuilds: (client) => client.submitBuilds([BUILD], KEYED),
  submitManifest: (client) => client.submitManifest({ source: GIT, manifest: true }, KEYED),
  batch: (client) => client.batch('c'),
  batches: (client) => client.batches(),
  batchEvents: (client) => Array.fromAsync(client.batchEvents('c')),
  cancelBatch: (client) => client.cancelBatch('c'),
  batchManifest: (client) => client.batchManifest('c'),
  downloadBatch: (client) => client.downloadBatch('c'),
  retryBatch: (client) => client.retryBatch('c', KEYED),

  upload: (client) => client.upload(Buffer.from('zip'), 3, KEYED),

  putCredential: (client) =>
    client.putCredential('k', { kind: 'git-token', host: 'git.example', token: 't' }),
  credentials: (client) => client.credentials(),
  removeCredential: (client) => client.removeCredential('k'),

  addDependency: (client) => client.addDependency({ ...LIBRARIES, name: 'd' }, KEYED),
  dependency: (client) => client.dependency('d'),
  dependencies: (client) => client.dependencies(),
  revision: (client) => client.revision('d', 1),
  revisions: (client) => client.revisions('d'),
  downloadRevision: (client) => client.downloadRevision('d', 1),
  removeDependency: (client) =>
    Promise.all([client.removeDependency('d'), client.removeDependency('d', 1)]),

  putFunction: (client) => client.putFunction('f', { runtime: 'nodejs' }),
  function: (client) => client.function('f'),
  functions: (client) => client.functions(),
  removeFunction: (client) => client.removeFunction('f'),
  buildFunction: (client) => client.buildFunction('f', {}, KEYED),
  templates: (client) => client.templates(),
  downloadTemplate: (client) => client.downloadTemplate('java', { type: 'event' }),

  draft: (client) => client.draft('f'),
  file: (client) => client.file('f', 'a/b.js'),
  writeFile: (client) => client.writeFile('f', 'a/b.js', '', MATCH),
  makeFolder: (client) => client.makeFolder('f', 'a'),
  removeFile: (client) => client.removeFile('f', 'a/b.js', MATCH),
  moveFile: (client) => client.moveFile('f', { from: 'a', to: 'b' }, MATCH),
  saveDraft: (client) => client.saveDraft('f', { version: 1, deletes: ['a'] }),
  importDraft: (client) => client.importDraft('f', { upload: 'a'.repeat(64) }, MATCH),
  clearDraft: (client) => client.clearDraft('f', MATCH),

  packages: (client) => client.packages('f'),
  package: (client) => client.package('f', 1),
  downloadNumbered: (client) => client.downloadNumbered('f', 1),
  diffPackages: (client) => client.diffPackages('f', { from: 1, to: 'current' }),
  aliases: (client) => client.aliases('f'),
  alias: (client) => client.alias('f', 'stable'),
  pointAlias: (client) => client.pointAlias('f', 'stable', 1),
  removeAlias: (client) => client.removeAlias('f', 'stable'),

  addHook: (client) => client.addHook({ provider: 'github', repository: GIT.url }, KEYED),
  hook: (client) => client.hook('h'),
  hooks: (client) => client.hooks(),
  changeHook: (client) => client.changeHook('h', { active: false }),
  removeHook: (client) => client.removeHook('h'),
  deliveries: (client) => client.deliveries('h'),
  deliverAgain: (client) => client.deliverAgain('h', 'd', KEYED),

  addKey: (client) => client.addKey({ name: 'ci' }, KEYED),
  key: (client) => client.key(),
  keys: (client) => client.keys({ limit: 1 }),
  revokeKey: (client) => client.revokeKey('k'),
  auditLog: (client) => client.auditLog({ kind: 'keys', after: '2026-01-05T08:00:00Z' }),

  notices: (client) =>
    Promise.all([client.notices({ build: 'b' }), client.notices({ batch: 'c' })]),
  redeliver: (client) =>
    Promise.all([client.redeliver({ build: 'b' }, 'n'), client.redeliver({ batch: 'c' }, 'n')]),

  runtimes: (client) => client.runtimes(),
  limits: (client) => client.limits(),
  workers: (client) => client.workers(),
  health: (client) => client.health(),
  ready: (client) => client.ready(),
}

/** Sent by git servers, and signed with a hook's secret: no client of ours asks for it. */
const OTHERS = ['post /hooks/{id}']

const ROWS = DESCRIPTIONS.map(([method, path, , particulars]) => ({
  ...particulars,
  name: `${method} ${path}`,
  method: method.toUpperCase(),
  path,
  pattern: new RegExp(`^${path.replace('{path}', '.+').replace(/\{\w+\}/g, '[^/]+')}$`),
}))
// A name that is written out goes before a parameter.
const BY_NAME = ROWS.toSorted((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')))
type Sent = TestServer['requests'][number]

/** The row that a request is for. */
function rowOf({ method, url }: Sent) {
  const [path = ''] = url.split('?')
  const fits = BY_NAME.filter((row) => row.method === method && row.pattern.test(path))
  // Of `files/move` and `files/{path}`, both with parameters, the one that names more.
  return fits.toSorted((a, b) => parametersOf(a.path) - parametersOf(b.path))[0]
}

function parametersOf(path: string): number {
  return path.match(/\{/g)?.length ?? 0
}

let server: TestServer
beforeAll(async () => {
  server = await serve((response, { headers }) => {
    if (headers.accept === 'text/event-stream') return response.writeHead(204).end()
    response.setHeader('x-content-sha256', 'a'.repeat(64)).end('{"items":[]}')
  })
  const client = packlineClient({ url: server.url, key: 'k' })
  for (const call of Object.values(CALLS)) await call(client)
})
afterAll(() => server.close())

describe('the client', () => {
  test.each(ROWS.filter(({ name }) => !OTHERS.includes(name)))('asks for $name', ({ name }) => {
    expect(server.requests.map((sent) => rowOf(sent)?.name)).toContain(name)
  })

  test('asks for nothing that the API does not describe', () => {
    const strays = server.requests.filter((sent) => !rowOf(sent))
    expect(strays.map(({ method, url }) => `${method} ${url}`)).toEqual([])
  })

  test('sends what a row takes: bodies by its schema, keys, preconditions', () => {
    const lacking = server.requests.flatMap((sent) => {
      const { name, body, lines, keyed, conditional, query } = rowOf(sent) ?? { name: 'none' }
      const isLines = sent.headers['content-type'] === 'application/x-ndjson'
      const schema = isLines ? lines : body
      const sends = !schema || schema.safeParse(JSON.parse(sent.body)).success
      const isFolder = sent.url.endsWith('?kind=folder')
      const asked = Object.fromEntries(new URL(sent.url, server.url).searchParams)
      const lacks = {
        body: !sends,
        key: keyed && sent.headers['idempotency-key'] !== 'once',
        match: conditional && !isFolder && sent.headers['if-match'] !== MATCH.ifMatch,
        query: query !== undefined && !query.safeParse(asked).success,
      }
      return Object.entries(lacks).flatMap(([what, is]) => (is ? [`${name}: ${what}`] : []))
    })
    expect(lacking).toEqual([])
  })
})
