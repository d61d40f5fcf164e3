import { createHash } from 'node:crypto'
import type { BuildRequestInput } from '@packline/shared'
import { craftZip } from '../../../packages/archive/src/test/craft-zip.ts'
import { type Canaries, OF_PACKAGE, OF_REQUEST } from './canaries.ts'

type Files = Extract<BuildRequestInput['source'], { kind: 'inline' }>['files']

const NODE = { runtime: 'nodejs', handler: 'index.handler' } as const
const CODE = 'exports.handler = async () => 1\n'
/** Nobody listens there. */
const NOWHERE = '127.0.0.1:1'

const inline = (name: string, files: Files, more: object = {}): BuildRequestInput => ({
  function: name,
  ...NODE,
  source: { kind: 'inline', files },
  build: { load: false },
  ...more,
})

/** Tells all that it can read of the worker's npmrc, in every way that it knows. */
const TELLS = `const text = require('node:fs').readFileSync(process.env.npm_config_userconfig, 'utf8')
const { log } = console
const wide = (all, width) => all.match(new RegExp('.{1,' + width + '}', 'g')).join('\\n')
log(text)
log(JSON.stringify(text))
log(encodeURIComponent(text))
for (const offset of [0, 1, 2]) {
  const coded = Buffer.from(' '.repeat(offset) + text).toString('base64')
  log(coded)
  log(wide(coded, 76))
}
for (const line of text.split('\\n').filter(Boolean)) {
  for (const width of [9, 20, 33]) log(wide(line, width))
  process.stdout.write(line.slice(0, line.length / 2))
  process.stdout.write(line.slice(line.length / 2) + '\\n')
}
console.error(text)
log('all was told')
// npm shows what a script prints where it failed alone.
process.exitCode = 1
`

/** A dependency whose install script is a thief; nothing has to be fetched. */
export function thief(): BuildRequestInput {
  const dependency = { name: 'thief', version: '1.0.0', scripts: { install: 'node tell.js' } }
  const own = { name: 'a', version: '1.0.0', dependencies: { thief: 'file:./thief' } }
  return inline(
    'thief',
    {
      'index.js': CODE,
      'package.json': JSON.stringify(own),
      'thief/package.json': JSON.stringify(dependency),
      'thief/tell.js': TELLS,
    },
    { build: { load: false, installScripts: true } },
  )
}

/** What each finds in its own files, which are in the package and in the request alone. */
export function withContent(make: Canaries): BuildRequestInput[] {
  const at = [...OF_REQUEST, ...OF_PACKAGE]
  const files = [
    '.env',
    '.npmrc',
    'pip.conf',
    '.netrc',
    '.git-credentials',
    '.aws/credentials',
    'config.json',
    'index.js',
  ]
  const contents = files.map((path) => [path, contentOf(path, make.content(`inline ${path}`, at))])
  const event = make.content('the event of a test', OF_REQUEST)
  const command = make.content('an argument of a command', OF_REQUEST)
  return [
    inline('content', Object.fromEntries(contents)),
    inline('tested', { 'index.js': CODE }, { build: {}, test: { event: { event }, expect: 2 } }),
    inline(
      'commanded',
      { Makefile: 'all:\n\tfalse\n' },
      { runtime: 'custom', handler: 'any', build: { command: ['make', `TOKEN=${command}`] } },
    ),
  ]
}

/** As a scanner of secrets finds it: by its name. */
export function contentOf(path: string, value: string): string {
  if (path === 'index.js') return `const password = "${value}"\n${CODE}`
  if (path === 'config.json') return JSON.stringify({ apiKey: value })
  if (path === '.npmrc') return `//registry.invalid/:_authToken=${value}\n`
  if (path === 'pip.conf') return `[global]\nextra-index-url = https://me:${value}@pip.invalid/\n`
  return `machine a.invalid login me password=${value}\nSECRET_KEY=${value}\n`
}

/** As it is uploaded, with its id. */
export function uploadOf(make: Canaries): { bytes: Buffer; id: string } {
  const value = make.content('uploaded .env', OF_PACKAGE)
  const bytes = craftZip([
    { name: 'index.js', content: CODE },
    { name: '.env', content: contentOf('.env', value) },
  ])
  return { bytes, id: createHash('sha256').update(bytes).digest('hex') }
}

/** Dependencies whose addresses have what opens them, and tools that say where they ask. */
export function ofDependencies(make: Canaries, { receiver, queues }: Places): BuildRequestInput[] {
  const at = OF_REQUEST
  const { host } = new URL(receiver)
  const address = (place: string) => `me:${make.content(place, at)}@${host}`
  const dependency = `git+http://${address('a git address in package.json')}/x.git`
  const registry = `registry=${receiver}/\n//${host}/:_authToken=`
  const token = make.content('a token in a .npmrc that npm uses', at)
  const own = (name: string, dependencies: object) => JSON.stringify({ name, dependencies })
  return [
    inline('by-git', { 'index.js': CODE, 'package.json': own('by-git', { x: dependency }) }),
    inline('by-registry', {
      'index.js': CODE,
      'package.json': own('by-registry', { x: '1.0.0' }),
      '.npmrc': `${registry}${token}\nfetch-retries=0\n`,
    }),
    ...(queues.includes('python') ? [ofPython(address('an index in requirements.txt'))] : []),
  ]
}

function ofPython(index: string): BuildRequestInput {
  const files = {
    'index.py': 'def handler(event, context):\n    return 1\n',
    'requirements.txt': `--index-url http://${index}/simple\nnothing==1\n`,
  }
  return inline('by-index', files, { runtime: 'python' })
}

export interface Places {
  /** The address of a server that has one archive, and is no registry. */
  receiver: string
  /** What the worker has tools for. */
  queues: readonly string[]
}

/** Sources that need something to be let in. */
export function ofSources(make: Canaries, { receiver }: Places): BuildRequestInput[] {
  const url = (name: string, path: string): BuildRequestInput => ({
    function: name,
    ...NODE,
    source: { kind: 'url', url: `${receiver}/${path}`, sha256: null },
    build: { load: false },
  })
  const object = (name: string, credential?: string): BuildRequestInput => ({
    function: name,
    ...NODE,
    source: { kind: 'object', address: 's3://code/a.zip', credential },
  })
  const git = { kind: 'git', url: `https://${NOWHERE}/a.git`, credential: 'git' } as const
  const ssh = { kind: 'git', url: `ssh://git@${NOWHERE}/a.git`, credential: 'key' } as const
  return [
    url('signed', `a.zip?X-Signature=${make.secret('the query of an address')}`),
    url('gone', `gone?X-Signature=${make.secret('the query of an address that is gone')}`),
    url('led', 'led'),
    object('operators'),
    object('tenants', 'object'),
    { function: 'over-https', ...NODE, source: git },
    { function: 'over-ssh', ...NODE, source: ssh },
  ]
}
