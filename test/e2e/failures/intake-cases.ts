import type { FailureCode } from '@packline/shared'
import type { Asked, FailureCase } from './failure-case.ts'
import { callback, type Ground, hello } from './ground.ts'

const UNKNOWN = 'a'.repeat(64)
const HANDLERS = { nodejs: 'index.handler', python: 'index.handler' }
const PLAIN = { url: 'http://10.0.0.1/told', secret: callback.secret }

type Changes = (ground: Ground) => { asked: object; isLocked?: boolean }

const CALLED_BACK: Changes = () => ({ asked: { callback }, isLocked: true })
/** Its query may be a signature, and is kept sealed. */
const SIGNED = { kind: 'url', url: 'https://a.invalid/a.zip?Signature=x', sha256: UNKNOWN }

/** Of every request for a build, as far as its own kind can have it. */
const CHANGES: [FailureCode, Changes][] = [
  ['UNKNOWN_RUNTIME', () => ({ asked: { runtime: 'cobol' } })],
  ['UNKNOWN_VERSION', () => ({ asked: { version: '0.1' } })],
  ['HANDLER_FORM', () => ({ asked: { handler: 'x' } })],
  ['DEPENDENCY_PACKAGE_NOT_FOUND', () => ({ asked: { dependencies: ['none@1'] } })],
  ['UPLOAD_NOT_FOUND', () => source({ kind: 'upload', upload: UNKNOWN })],
  ['SOURCE_NOT_FOUND', () => source({ kind: 'draft' })],
  ['PRECONDITION_FAILED', () => source({ kind: 'draft', version: 99 }, { function: 'fn' })],
  ['FORMAT', ({ uploads: { jar: upload } }) => source({ kind: 'upload', upload }, PYTHON)],
  ['SOURCE_NOT_ALLOWED', () => ({ asked: { callback: PLAIN } })],
  ['SECRETS_LOCKED', () => ({ ...source(SIGNED), isLocked: true })],
  ['SECRETS_LOCKED', CALLED_BACK],
  ['BUCKET_NOT_KNOWN', () => source({ kind: 'object', address: 's3://nobodys/a.zip' })],
  ['REGION_DIFFERS', () => source({ kind: 'object', address: 's3://far-code/a.zip' })],
]

const PYTHON = { runtime: 'python', version: '3.10', handler: HANDLERS.python }

function source(one: object, more: object = {}) {
  return { asked: { ...more, source: one } }
}

function changed(change: Changes, ground: Ground, of: (asked: object) => object): Asked {
  const { asked, isLocked } = change(ground)
  return { json: of(asked), isLocked }
}

/** Functions whose own settings make it so: as if the profile had them no more. */
const OF_SETTINGS: Partial<Record<FailureCode, string>> = {
  UNKNOWN_RUNTIME: 'other-runtime',
  UNKNOWN_VERSION: 'other-version',
  HANDLER_FORM: 'other-handler',
  DEPENDENCY_PACKAGE_NOT_FOUND: 'attaches',
}

const { function: _function, handler: _handler, build: _build, ...library } = hello

export const INTAKE_CASES: FailureCase[] = CHANGES.flatMap(([code, change]) => {
  const single: FailureCase = [
    'POST /v1/builds',
    code,
    (ground) => changed(change, ground, (asked) => ({ ...hello, ...asked })),
  ]
  const batch: FailureCase = [
    'POST /v1/batches',
    code,
    (ground) => changed(change, ground, (asked) => ({ builds: [{ ...hello, ...asked }] })),
  ]
  return [single, batch, ...ofLibrary(code, change), ...ofFunction(code, change)]
})

/** It has no handler, no callback and no draft, and attaches nothing. */
function ofLibrary(code: FailureCode, change: Changes): FailureCase[] {
  const without = ['HANDLER_FORM', 'DEPENDENCY_PACKAGE_NOT_FOUND', 'PRECONDITION_FAILED']
  if ([...without, 'SOURCE_NOT_ALLOWED'].includes(code) || change === CALLED_BACK) return []
  const of = (asked: object) => {
    const { handler: _, ...rest } = { ...library, ...asked } as { handler?: string }
    return { ...rest, name: 'another' }
  }
  return [['POST /v1/dependencies', code, (ground) => changed(change, ground, of)]]
}

function ofFunction(code: FailureCode, change: Changes): FailureCase[] {
  const route = 'POST /v1/functions/{name}/builds'
  const own = OF_SETTINGS[code]
  // One without files.
  const name = own ?? (code === 'SOURCE_NOT_FOUND' ? 'java' : 'large')
  const { source: inline } = hello
  const of = (asked: object) => {
    const all: Partial<typeof hello> = { source: inline, ...asked }
    const { function: _, runtime: _r, version: _v, handler: _h, ...rest } = all
    return rest
  }
  const ask = (ground: Ground): Asked =>
    own ? { json: { source: inline } } : changed(change, ground, of)
  return [[route, code, (ground) => ({ ...ask(ground), path: { name } })]]
}
