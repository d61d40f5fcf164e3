import { type RepositoryRead, readRepository } from '@packline/engine'
import { takeInEach } from '@packline/intake'
import type { ExpansionRecord, NewBuild, Records } from '@packline/records'
import {
  type BuildEventBody,
  type ExpansionResult,
  type FailureWords,
  failed,
  PacklineError,
  type Words,
} from '@packline/shared'
import { contextOf } from '../context-of.ts'
import type { WorkerEngine } from '../worker-engine.ts'
import { askedOf } from './asked-of.ts'
import { requestsOf } from './requests-of.ts'

const NOTHING: ExpansionResult = {
  builds: [],
  untouched: [],
  outrun: [],
  refused: [],
  superseded: [],
  warnings: [],
}

/**
 * Makes builds of what a repository lists: those asked for that were touched. Their ids come from
 * the expansion and the function's name, so a second run makes none twice.
 */
export async function expand(
  record: ExpansionRecord,
  signal: AbortSignal,
  engine: WorkerEngine,
  records: Records,
): Promise<ExpansionResult | 'refused' | 'moved'> {
  const asked = askedOf(record)
  if (!asked) return NOTHING
  const warned: Words[] = []
  const reporter = {
    event: (body: BuildEventBody) => {
      if (body.type !== 'warning') return
      warned.push({ en: body.message, zh: body.zh?.message ?? body.message })
    },
    log: () => undefined,
    pin: async () => undefined,
  }
  const { tenant } = record
  const own = { tenant, priority: priorityOf(record), pin: undefined }
  const read = await readRepository(asked, contextOf(own, engine, records, signal, reporter))
  if ((await records.expansions.pin(record.id, record.attempt, read.commit)) === 'refused') {
    return 'refused'
  }
  const { wanted, untouched, overtaken } = choose(read, record)
  const { builds, refused } = await takeIn(wanted, read.commit, record, engine, records)
  signal.throwIfAborted()
  const status = await statusOf(record, read.commit, records)
  const told = builds.map((build) => ({ ...build, status }))
  const made = await records.expansions.build(record, told)
  if (typeof made === 'string') return made
  const warnings = [...warned, ...read.warnings]
  return {
    commit: read.commit,
    ...made,
    untouched,
    outrun: [...made.outrun, ...overtaken],
    refused,
    ...(read.behind && { behind: true }),
    warnings: warnings.map(({ en }) => en),
    ...(warnings.length > 0 && { zh: { warnings: warnings.map(({ zh }) => zh) } }),
  }
}

/** Somebody waits for what was pushed; a batch goes in turns. */
function priorityOf({ spec }: ExpansionRecord): 'interactive' | 'bulk' {
  return spec.kind === 'delivery' ? 'interactive' : 'bulk'
}

/** Where the builds of a delivery tell how they stand; undefined where its hook says nowhere. */
async function statusOf({ tenant, spec }: ExpansionRecord, commit: string, { hooks }: Records) {
  return spec.kind === 'delivery' ? hooks.statusTarget(tenant, spec.hook, commit) : undefined
}

type Read = RepositoryRead['functions'][number]

function choose(
  { functions, commit }: RepositoryRead,
  { spec }: ExpansionRecord,
): { wanted: Read[]; untouched: string[]; overtaken: string[] } {
  const names = spec.kind === 'manifest' ? spec.functions : undefined
  const listed = new Set(functions.map((one) => one.function))
  const unknown = names?.find((name) => !listed.has(name))
  if (unknown !== undefined) {
    throw failed('SOURCE_NOT_FOUND', noFunction(commit, unknown, [...listed].slice(0, 20)))
  }
  const asked = functions.filter((one) => names?.includes(one.function) ?? true)
  const touched = asked.filter((one) => one.touched)
  return {
    wanted: touched.filter((one) => !one.overtaken),
    untouched: asked.filter((one) => !one.touched).map((one) => one.function),
    overtaken: touched.filter((one) => one.overtaken).map((one) => one.function),
  }
}

/** A wrong entry refuses a batch as a whole; of a push it leaves the others to be built. */
async function takeIn(
  wanted: readonly Read[],
  commit: string,
  record: ExpansionRecord,
  engine: WorkerEngine,
  records: Records,
): Promise<{ builds: NewBuild[]; refused: ExpansionResult['refused'] }> {
  const { tenant, spec } = record
  const { profile, store, outbound } = engine
  const known = { profile, store, records, checkAddress: outbound.check }
  const refused: ExpansionResult['refused'] = []
  const as = spec.kind === 'manifest' ? 'batch' : 'build'
  const requests = requestsOf(wanted, commit, spec)
  const builds = await takeInEach(requests, { tenant, as }, known, (index, error) => {
    const name = wanted[index]?.function ?? ''
    if (spec.kind === 'manifest') throw ofFunction(name, error)
    const { code, message: detail, zh } = error
    refused.push({ function: name, code, detail, zh: zh && { detail: zh.detail } })
  })
  return { builds: builds.filter((build) => build !== undefined), refused }
}

function noFunction(commit: string, name: string, listed: readonly string[]): FailureWords {
  return {
    detail: {
      en: `The manifest of the commit ${commit} has no function "${name}"`,
      zh: `提交 ${commit} 的清单中没有函数 "${name}"`,
    },
    hint: { en: `It lists ${listed.join(', ')}.`, zh: `它列出了 ${listed.join('、')}。` },
  }
}

function ofFunction(name: string, error: PacklineError): PacklineError {
  const { code, message, hint, zh, cause } = error
  const place = `functions.${name}`
  const told = zh && { ...zh, detail: `${place}：${zh.detail}` }
  return new PacklineError(code, `${place}: ${message}`, { hint, zh: told, cause })
}
