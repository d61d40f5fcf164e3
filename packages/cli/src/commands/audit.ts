import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { type BuildContext, checkPackage } from '@packline/engine'
import { loadProfile } from '@packline/profiles'
import {
  type FailureCode,
  type Manifest,
  PacklineError,
  type Profile,
  toFailure,
} from '@packline/shared'
import { type AuditRow, auditText, wouldFail } from '../audit/audit-text.ts'
import { type FoundPackage, findPackages, type LocalFile } from '../audit/find-packages.ts'
import type { AuditFormat } from '../audit/formats.ts'
import { refuseUnfit } from '../audit/refuse-unfit.ts'
import { readFunctions, requestFor } from '../audit/requests.ts'
import { type LocalDependencies, localDependencies } from '../local-dependencies.ts'
import { localContext, localEngine } from '../local-engine.ts'
import type { FunctionOptions } from '../request-fields.ts'
import type { Terminal } from '../terminal.ts'

interface AuditOptions extends FunctionOptions {
  profile: string
  format: AuditFormat
  manifest?: string
  json?: boolean
}

/** Reading and inflating overlap; loads wait for the sandbox's slots by themselves. */
const PACKAGES_AT_ONCE = 4

/** What every package of one run is looked at with. */
interface Audit {
  functions: Manifest['functions']
  options: AuditOptions
  profile: Profile
  attached: LocalDependencies
  context: BuildContext
}

/** `packline audit`: what the rules say of packages that exist already; changes nothing. */
export async function audit(
  terminal: Terminal,
  place: string,
  options: AuditOptions,
): Promise<number> {
  const { environment, signal, language } = terminal
  const profile = await loadProfile(options.profile)
  const functions = await readFunctions(place, options.manifest)
  const attached = await localDependencies(options.dependency ?? [])
  refuseUnfit(options, profile, attached)
  // Without the load check no tool chain is needed, and none is looked for.
  const asked = options.load
    ? ({ runtime: 'custom', type: 'http' } as const)
    : ({ runtime: 'custom', type: 'event' } as const)
  const engine = await localEngine(terminal, asked, profile, tmpdir())
  const context = localContext(engine, terminal, SILENT, () => 'unused', attached)
  const work = { functions, options, profile, attached, context }
  const scratch = engine.scratchFolder
  try {
    const packages = await findPackages(place, { environment, scratch, signal })
    const rows = await inTurn(packages, (found) => auditOne(found, work))
    const format = options.json ? 'json' : options.format
    terminal.stdout.write(`${auditText(rows, format, language)}\n`)
    return rows.some(wouldFail) ? 1 : 0
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

const SILENT: BuildContext['reporter'] = {
  event: () => undefined,
  log: () => undefined,
  pin: async () => undefined,
}

/** A few at once, the results in the order of what they are of. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const left = items.entries()
  const take = async () => {
    for (const [index, item] of left) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: PACKAGES_AT_ONCE }, take))
  return results
}

/** One package's fault is its row; what stands in the way of all ends the audit. */
async function auditOne(found: FoundPackage, audit: Audit): Promise<AuditRow> {
  try {
    return await found.fetch((file) => check(file, found.name, audit))
  } catch (error) {
    audit.context.signal.throwIfAborted()
    if (!(error instanceof PacklineError) || !OWN.has(error.code)) throw error
    return { package: found.name, findings: [], failure: toFailure(error) }
  }
}

/** Faults of one package, of what is said of it, or of options that fit others. */
const OWN: ReadonlySet<FailureCode> = new Set([
  'FORMAT',
  'ARCHIVE_REFUSED',
  'ARCHIVE_DAMAGED',
  'UNPACKED_TOO_LARGE',
  'RUNTIME_NOT_DETECTED',
  'UNKNOWN_RUNTIME',
  'UNKNOWN_VERSION',
  'INVALID_REQUEST',
  'HANDLER_FORM',
  'MANIFEST_INVALID',
  'SOURCE_NOT_FOUND',
])

async function check(file: LocalFile, name: string, audit: Audit): Promise<AuditRow> {
  const { request, unnamed } = await requestFor(file, name, audit)
  const { path, ...digest } = file
  const { report, failure, cause } = await checkPackage({ path }, digest, request, audit.context)
  if (failure?.code === 'BUG') throw cause
  const { verdict, findings } = report
  const runtime = `${request.runtime} ${request.version}`
  const row = { package: name, runtime, findings }
  if (unnamed) return { ...row, failure: failure ?? toFailure(unnamed) }
  return { ...row, handler: request.handler, verdict, failure }
}
