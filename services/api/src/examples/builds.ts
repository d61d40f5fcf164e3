import type { BuildRequestInput, BuildView } from '@packline/shared'

export const BUILD_ID = 'b01kaz5w2m70000000000000ab'
const RETRY_ID = 'b01kaz5w2m70000000000000ac'

const files = { 'index.js': 'exports.handler = async () => "hello"\n' }

export const BUILD_REQUEST: BuildRequestInput = {
  function: 'hello',
  runtime: 'nodejs',
  version: '20.15',
  handler: 'index.handler',
  source: { kind: 'inline', files },
  labels: { team: 'blue' },
}

export const ACCEPTED = { id: BUILD_ID, events: `/v1/builds/${BUILD_ID}/events` }

export const RETRIED = {
  id: RETRY_ID,
  events: `/v1/builds/${RETRY_ID}/events`,
  retryOf: BUILD_ID,
}

export const BUILD: BuildView = {
  id: BUILD_ID,
  kind: 'function',
  function: 'hello',
  runtime: 'nodejs',
  version: '20.15',
  state: 'succeeded',
  queue: 'nodejs',
  labels: { team: 'blue' },
  priority: 'interactive',
  attempt: 1,
  createdAt: '2026-01-05T08:00:00.000Z',
  startedAt: '2026-01-05T08:00:00.020Z',
  finishedAt: '2026-01-05T08:00:00.310Z',
  worker: 'worker-1',
  pin: { kind: 'inline', sha256: 'a'.repeat(64) },
  package: {
    key: `packages/one/hello/${'b'.repeat(64)}.zip`,
    address: `s3://packline/packages/one/hello/${'b'.repeat(64)}.zip`,
    format: 'zip',
    size: 312,
    sha256: 'b'.repeat(64),
    entries: 1,
    unpackedSize: 38,
  },
  verdict: { verdict: 'proved', because: 'loaded by Node.js 20' },
  findings: 0,
  request: {
    function: 'hello',
    type: 'event',
    runtime: 'nodejs',
    version: '20.15',
    architecture: 'x86_64',
    handler: 'index.handler',
    source: { kind: 'inline', files },
    build: { load: true, timeoutSeconds: 900 },
    labels: { team: 'blue' },
  },
}
