import { randomBytes } from 'node:crypto'
import { craftZip } from '../../../packages/archive/src/test/craft-zip.ts'
import type { Asked, FailureCase } from './failure-case.ts'
import type { Ground } from './ground.ts'

const FILES = '/v1/functions/{name}/files'
const FILE = `${FILES}/{path}`
const STALE = { 'if-match': '"draft-99"' }
const ANY = { 'if-match': '*' }
const MOVE = { from: 'index.js', to: 'other.js' }
const LARGE = new Uint8Array(5000)

/** What is there must be named as it is. */
const PRECONDITIONS: FailureCase[] = (
  [
    [`DELETE ${FILES}`, () => ({})],
    [`POST ${FILES}/move`, () => ({ json: MOVE })],
    [`POST ${FILES}/import`, ({ uploads }) => ({ json: { upload: uploads.zip } })],
    [`PUT ${FILE}`, () => ({ bytes: new Uint8Array(1) })],
    [`DELETE ${FILE}`, () => ({})],
  ] satisfies [string, (ground: Ground) => Asked][]
).flatMap(([route, ask]): FailureCase[] => [
  [route, 'PRECONDITION_REQUIRED', ask],
  [route, 'PRECONDITION_FAILED', (ground) => ({ ...ask(ground), headers: STALE })],
])

/** Files of compiled languages, and of archives that are too large to be opened. */
const READ_ONLY: FailureCase[] = [
  [`PUT ${FILES}`, 'EDIT_REFUSED', () => ({ ...LARGE_ONE, json: { version: 1 } })],
  [`POST ${FILES}/move`, 'EDIT_REFUSED', () => ({ ...LARGE_ONE, json: MOVE })],
  [
    `POST ${FILES}/import`,
    'EDIT_REFUSED',
    ({ uploads }) => ({ path: { name: 'java' }, json: { upload: uploads.zip } }),
  ],
  [`PUT ${FILE}`, 'EDIT_REFUSED', () => ({ ...LARGE_ONE, bytes: new Uint8Array(1) })],
  [`DELETE ${FILE}`, 'EDIT_REFUSED', () => LARGE_ONE],
]

const LARGE_ONE = { path: { name: 'large' } }

function imported(upload: (ground: Ground) => string): (ground: Ground) => Asked {
  return (ground) => ({ json: { upload: upload(ground) }, headers: ANY })
}

const IMPORT = `POST ${FILES}/import`

export const FILE_CASES: FailureCase[] = [
  ...PRECONDITIONS,
  ...READ_ONLY,
  [`PUT ${FILES}`, 'PRECONDITION_FAILED', () => ({ json: { version: 99 } })],
  [
    `PUT ${FILES}`,
    'CONFLICT',
    () => ({ path: { name: 'busy' }, json: { version: 1, files: { 'F1.js': '' } } }),
  ],
  [
    `PUT ${FILES}`,
    'UNPACKED_TOO_LARGE',
    () => ({ path: { name: 'busy' }, json: { version: 1, files: { a: 'x'.repeat(5000) } } }),
  ],
  [
    `POST ${FILES}/move`,
    'CONFLICT',
    () => ({ path: { name: 'busy' }, json: { from: 'f1.js', to: 'f2.js' }, headers: ANY }),
  ],
  [`GET ${FILE}`, 'CONFLICT', () => ({ path: { path: 'src' } })],
  [
    `PUT ${FILE}`,
    'CONFLICT',
    () => ({ path: { path: 'src' }, bytes: new Uint8Array(1), headers: ANY }),
  ],
  [
    `PUT ${FILE}`,
    'UNPACKED_TOO_LARGE',
    () => ({ path: { name: 'busy', path: 'more.js' }, bytes: LARGE.subarray(0, 3990) }),
  ],
  [IMPORT, 'UPLOAD_NOT_FOUND', imported(() => 'a'.repeat(64))],
  [IMPORT, 'FORMAT', imported(({ uploads }) => uploads.jar)],
  [IMPORT, 'ARCHIVE_REFUSED', imported(({ uploads }) => uploads.chinese)],
  [IMPORT, 'ARCHIVE_DAMAGED', imported(({ uploads }) => uploads.damaged)],
  [IMPORT, 'UNPACKED_TOO_LARGE', imported(({ uploads }) => uploads.large)],
  [IMPORT, 'CONFLICT', imported(({ uploads }) => uploads.clashing)],
]

const UPLOAD = 'POST /v1/uploads'

function sent(bytes: Buffer): () => Asked {
  return () => ({ bytes: new Uint8Array(bytes) })
}

const file = { name: 'a', content: 'x'.repeat(100) }

export const UPLOAD_CASES: FailureCase[] = [
  [UPLOAD, 'UPLOAD_TOO_LARGE', sent(randomBytes(50_000))],
  [UPLOAD, 'FORMAT', sent(Buffer.from('no archive at all'))],
  [UPLOAD, 'ARCHIVE_DAMAGED', sent(craftZip([file]).subarray(0, 60))],
  [UPLOAD, 'ARCHIVE_REFUSED', sent(craftZip([{ ...file, name: '../a' }]))],
  [UPLOAD, 'UNPACKED_TOO_LARGE', sent(craftZip([{ ...file, content: Buffer.alloc(200_000) }]))],
]
