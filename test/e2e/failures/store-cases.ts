import { craftZip } from '../../../packages/archive/src/test/craft-zip.ts'
import type { Asked, FailureCase } from './failure-case.ts'
import { type Ground, hello } from './ground.ts'

const FILES = '/v1/functions/{name}/files'
const ANY = { 'if-match': '*' }

/** Routes that read a build that is archived, or write what the store keeps. */
const ASKED: [route: string, ask: (ground: Ground) => Asked][] = [
  ...[
    'events',
    'log',
    'report',
    'configuration',
    'sbom',
    'deployment',
    'source-map',
    'package',
  ].map((what): [string, () => Asked] => [`GET /v1/builds/{id}/${what}`, () => ({})]),
  ['POST /v1/builds/{id}/retry', ({ told }) => ({ path: { id: told.build } })],
  ['POST /v1/batches/{id}/retry', ({ told }) => ({ path: { id: told.batch } })],
  ['POST /v1/builds', ({ uploads }) => ({ json: { ...hello, source: of(uploads.zip) } })],
  [
    'POST /v1/batches',
    ({ uploads }) => ({ json: { builds: [{ ...hello, source: of(uploads.zip) }] } }),
  ],
  ['POST /v1/functions/{name}/builds', ({ uploads }) => ({ json: { source: of(uploads.zip) } })],
  [
    'POST /v1/dependencies',
    ({ uploads }) => ({ json: { name: 'x', runtime: 'nodejs', source: of(uploads.zip) } }),
  ],
  ['GET /v1/dependencies/{name}/revisions/{revision}/package', () => ({})],
  ['GET /v1/functions/{name}/packages/{number}/package', () => ({})],
  ['GET /v1/functions/{name}/packages/diff', () => ({})],
  [`GET ${FILES}`, () => ({ path: { name: 'large' } })],
  [`GET ${FILES}/{path}`, () => ({})],
  [`PUT ${FILES}/{path}`, () => ({ bytes: new Uint8Array(9), path: { path: 'new.js' } })],
  [
    `PUT ${FILES}`,
    () => ({ path: { name: 'attaches' }, json: { version: 0, files: { new: 'x' } } }),
  ],
  [`POST ${FILES}/import`, ({ uploads }) => ({ json: { upload: uploads.zip }, headers: ANY })],
  [
    'PUT /v1/functions/{name}',
    () => ({
      path: { name: 'first-files' },
      json: { runtime: 'nodejs', handler: 'index.handler', template: true },
    }),
  ],
  ['POST /v1/uploads', () => ({ bytes: new Uint8Array(craftZip([{ name: 'a', content: 'x' }])) })],
  ['GET /readyz', () => ({})],
]

function of(upload: string) {
  return { kind: 'upload', upload }
}

export const STORE_CASES: FailureCase[] = ASKED.map(([route, ask]) => [
  route,
  'STORE_UNAVAILABLE',
  ask,
])
