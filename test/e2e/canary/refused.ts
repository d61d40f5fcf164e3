import type { Canaries } from './canaries.ts'

/** A request that is refused: where it goes, and a body or headers with something secret in it. */
export interface Refused {
  method: string
  path: string
  body?: string
  headers?: Record<string, string>
}

const NODE = { function: 'refused', runtime: 'nodejs', handler: 'index.handler' }
const FILES = { kind: 'inline', files: { 'index.js': 'exports.handler = async () => 1\n' } }
const BUILD = { ...NODE, source: FILES }
const HOOK = { provider: 'github', repository: 'https://git.invalid/a/b.git' }
const JSON_TYPE = { 'content-type': 'application/json' }

/** Secrets in members that have another form, or where there is no such member. */
export function refusedRequests(make: Canaries): Refused[] {
  const s = (place: string) => make.secret(`refused: ${place}`)
  const post = (path: string, json: unknown): Refused => ({
    method: 'POST',
    path,
    body: JSON.stringify(json),
  })
  const put = (json: unknown): Refused => ({
    method: 'PUT',
    path: '/v1/credentials/refused',
    body: JSON.stringify(json),
  })
  const from = (source: object) => ({ ...NODE, source })
  const git = (url: string) => ({ kind: 'git', url })
  const back = (callback: unknown) => ({ ...BUILD, callback })
  const url = 'https://callback.invalid/'
  return [
    post('/v1/builds', from(git(`https://me:${s('password of git')}@git.invalid/a.git`))),
    post('/v1/builds', from(git(`https://${s('user of git')}@git.invalid/a.git`))),
    post('/v1/builds', from(git(`https://git.invalid/a.git?private_token=${s('query of git')}`))),
    post('/v1/builds', from(git(`ssh://git:${s('password of ssh')}@git.invalid/a.git`))),
    post('/v1/builds', from({ ...git('git@git.invalid:a.git'), token: s('no member of git') })),
    post('/v1/batches', {
      manifest: true,
      source: git(`https://me:${s('git of a manifest')}@git.invalid/a.git`),
    }),
    post('/v1/builds', from(addressed(`https://me:${s('password of url')}@a.invalid/a.zip`))),
    post('/v1/builds', from(addressed(`ftp://a.invalid/a.zip?Signature=${s('other scheme')}`))),
    post('/v1/builds', from(object(`https://me:${s('password of object')}@code.invalid/a.zip`))),
    post(
      '/v1/builds',
      from(object(`https://code.invalid/a.zip?Signature=${s('query of object')}`)),
    ),
    post('/v1/builds', back({ url: `https://me:${s('callback')}@a.invalid/`, secret: 'x' })),
    post('/v1/builds', back({ url, secret: s('callback secret without its form') })),
    post('/v1/builds', back({ url, secret: [s('callback secret in a list')] })),
    post('/v1/builds', { ...BUILD, password: s('no member of a build') }),
    post('/v1/batches', { builds: [back({ url, secret: s('callback of a batch build') })] }),
    post('/v1/hooks', { ...HOOK, secret: `${s('hook secret with a space')} ` }),
    post('/v1/hooks', { ...HOOK, repository: `https://me:${s('repository')}@git.invalid/a/b` }),
    post('/v1/hooks', { ...HOOK, status: { provider: 'github', token: [s('status token')] } }),
    post('/v1/hooks', { ...HOOK, status: { provider: 'x', token: s('status of no provider') } }),
    put({ kind: 'git-token', host: 'git.invalid', token: `${s('token with a space')} ` }),
    put({ kind: 'git-token', host: 'git.invalid', token: [s('token in a list')] }),
    put({ kind: 'git-token', host: 7, token: s('token beside a mistake') }),
    put({ kind: 'git-key', host: 'git.invalid', privateKey: s('key that is none') }),
    put({ kind: 'object', store: 'main', accessKeyId: 'a', secretAccessKey: `${s('object')} ` }),
    put({ kind: 'none', token: s('token of no kind') }),
    { method: 'PUT', path: '/v1/credentials/x', body: `{"token": ${s('body that is no JSON')}}` },
    { method: 'PUT', path: '/v1/credentials/x', body: s('body that is a word') },
    {
      method: 'POST',
      path: '/v1/batches',
      body: `{"token": ${s('line that is no JSON')}}\n`,
      headers: { 'content-type': 'application/x-ndjson' },
    },
    ...ofHeaders(s),
  ]
}

function addressed(url: string) {
  return { kind: 'url', url, sha256: null }
}

function object(address: string) {
  return { kind: 'object', address }
}

function ofHeaders(s: (place: string) => string): Refused[] {
  const basic = Buffer.from(`me:${s('Basic of the board')}`).toString('base64')
  const get = (path: string, headers: Record<string, string> = {}): Refused => ({
    method: 'GET',
    path,
    headers,
  })
  return [
    get('/v1/builds', { authorization: `Bearer ${s('API key that is none')}` }),
    get('/v1/builds', { authorization: `Token ${s('other scheme of a key')}` }),
    get('/admin/queues', { authorization: `Basic ${basic}` }),
    get(`/v1/builds?access_token=${s('query of a list')}`),
    get(`/v1/nowhere?access_token=${s('query of no path')}`),
    get('/v1/builds/none', { cookie: `session=${s('cookie')}` }),
    {
      method: 'POST',
      path: '/v1/builds',
      body: JSON.stringify(BUILD),
      headers: { 'idempotency-key': `${s('Idempotency-Key')} x` },
    },
    {
      method: 'POST',
      path: '/hooks/none',
      body: JSON.stringify({ password: s('delivery to no hook') }),
      headers: { ...JSON_TYPE, 'x-gitee-token': s('token for no hook') },
    },
  ]
}
