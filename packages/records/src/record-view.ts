import {
  type BuildState,
  type BuildView,
  type RuntimeName,
  SCHEMA_VERSION,
  type SourcePin,
  type StatusTarget,
} from '@packline/shared'
import type { BuildRecord, NewBuild } from './build-record.ts'
import type { Fields } from './record-fields.ts'
import { shownRequest } from './sealed-source.ts'

/** The part of a record that never changes, one JSON in field `view`. */
interface Fixed {
  schema: number
  runtime: RuntimeName
  version: string
  createdAt: string
  kind?: 'dependency'
  retryOf?: string
  labels?: Record<string, string>
  push?: BuildView['push']
}

/** What a reader needs; not the request nor the report, which may be long. */
export const VIEW_FIELDS = [
  'tenant',
  'view',
  'function',
  'queue',
  'batch',
  'priority',
  'state',
  'attempt',
  'startedAt',
  'finishedAt',
  'worker',
  'waitingFor',
  'pin',
  'result',
  'archivedIn',
] as const

export function fixedOf(
  build: Pick<NewBuild, 'request' | 'retryOf' | 'push'>,
  createdAt: string,
  schema = SCHEMA_VERSION,
): string {
  const { type, runtime, version, labels } = build.request
  const fixed: Fixed = { schema, runtime, version, createdAt }
  if (type === 'dependency') fixed.kind = type
  if (build.retryOf) fixed.retryOf = build.retryOf
  if (labels) fixed.labels = labels
  if (build.push) fixed.push = build.push
  return JSON.stringify(fixed)
}

export function toView(id: string, fields: Fields): BuildView {
  const fixed: Fixed = JSON.parse(fields.get('view') ?? '{}')
  const result = fields.get('result')
  const pin = fields.get('pin')
  const request = fields.get('request')
  return {
    id,
    kind: fixed.kind ?? 'function',
    function: fields.get('function') ?? '',
    runtime: fixed.runtime,
    version: fixed.version,
    state: (fields.get('state') ?? 'queued') as BuildState,
    queue: fields.get('queue') ?? '',
    batch: fields.get('batch'),
    retryOf: fixed.retryOf,
    labels: fixed.labels,
    push: fixed.push,
    priority: fields.get('priority') === 'bulk' ? 'bulk' : 'interactive',
    attempt: Number(fields.get('attempt') ?? 0),
    createdAt: fixed.createdAt,
    startedAt: fields.get('startedAt'),
    finishedAt: fields.get('finishedAt'),
    ...waitingOf(fields),
    worker: fields.get('worker'),
    ...(pin !== undefined && { pin: JSON.parse(pin) as SourcePin }),
    ...(result !== undefined && (JSON.parse(result) as Partial<BuildView>)),
    ...(request !== undefined && { request: shownRequest(JSON.parse(request)) }),
  }
}

/** Both languages in one field, a line each. */
function waitingOf(fields: Fields): Pick<BuildView, 'waitingFor' | 'zh'> {
  const [en, zh] = fields.get('waitingFor')?.split('\n') ?? []
  return { waitingFor: en, ...(zh !== undefined && { zh: { waitingFor: zh } }) }
}

/** The version that the record was written with, which need not be ours. */
export function schemaOf(fields: Fields): number {
  const fixed: Partial<Fixed> = JSON.parse(fields.get('view') ?? '{}')
  return fixed.schema ?? SCHEMA_VERSION
}

/** Only for records that still have their request: those that have not been archived. */
export function toRecord(id: string, fields: Fields): BuildRecord {
  const status = fields.get('status')
  return {
    ...toView(id, fields),
    schema: schemaOf(fields),
    tenant: fields.get('tenant') ?? '',
    request: JSON.parse(fields.get('request') ?? 'null') as BuildRecord['request'],
    sourceKey: fields.get('sourceKey'),
    ...(status !== undefined && { status: JSON.parse(status) as StatusTarget }),
  }
}
