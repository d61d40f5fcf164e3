import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openArchive, verifyArchive } from '@packline/archive'
import { checkPackage } from '@packline/engine'
import { loadProfile } from '@packline/profiles'
import {
  type BuildReport,
  checkFormat,
  type Failure,
  LIMITS,
  PacklineError,
} from '@packline/shared'
import { exitCodeOfFailure, failureText, findingText } from '../failure-text.ts'
import { localContext, localEngine } from '../local-engine.ts'
import { chooseLocalRuntime, type FunctionOptions, readRequest } from '../read-request.ts'
import { size } from '../result-text.ts'
import { stepProgress } from '../step-progress.ts'
import type { Terminal } from '../terminal.ts'

interface CheckOptions extends FunctionOptions {
  archiveOnly?: boolean
  entryNameEncoding?: 'gb18030'
  profile: string
  json?: boolean
}

/** `packline check`: the archive gate, and every rule where runtime and handler are said. */
export async function check(
  terminal: Terminal,
  file: string,
  options: CheckOptions,
): Promise<number> {
  const path = resolve(file)
  const bytes = (await stat(path).catch(() => undefined))?.size
  if (bytes === undefined) throw new PacklineError('INVALID_REQUEST', `There is no file ${file}`)
  const gate = await passGate(path, options, terminal.signal)
  if (options.archiveOnly || options.runtime === undefined) {
    const result = { path, bytes, ...gate }
    const text = `${path}: a ${gate.format.toUpperCase()} that passes the gate, ${gate.entries} entries, ${size(gate.unpackedSize)} unpacked`
    terminal.stdout.write(`${options.json ? JSON.stringify(result) : text}\n`)
    return 0
  }
  const { runtime } = await chooseLocalRuntime(path, options)
  checkFormat(gate.format, { runtime })
  return checkRules(terminal, path, bytes, { ...options, runtime })
}

async function passGate(path: string, options: CheckOptions, signal: AbortSignal) {
  const { limits } = await loadProfile(options.profile)
  const archive = await openArchive(
    { path },
    {
      limits: {
        entriesMax: LIMITS.archiveEntriesMax,
        unpackedBytesMax: limits.unpackedBytesMax,
        ratioMax: LIMITS.archiveRatioMax,
      },
      entryNameEncoding: options.entryNameEncoding,
      signal,
    },
  )
  try {
    await verifyArchive(archive, { signal })
    const { format, entries, unpackedSize } = archive
    return { format, entries: entries.length, unpackedSize }
  } finally {
    await archive.close()
  }
}

async function checkRules(
  terminal: Terminal,
  path: string,
  bytes: number,
  options: CheckOptions & { runtime: Parameters<typeof readRequest>[1] },
): Promise<number> {
  const profile = await loadProfile(options.profile)
  const source = { kind: 'folder', path, as: 'package' } as const
  const request = readRequest(source, options.runtime, { name: 'package', ...options }, profile)
  const engine = await localEngine(terminal, options.profile, tmpdir())
  const quiet = options.json === true
  const reporter = stepProgress(terminal.stderr, { quiet })
  const context = localContext(engine, terminal, reporter, () => 'unused')
  const digest = { size: bytes, sha256: await sha256Of(path) }
  try {
    const { report, failure, cause } = await checkPackage({ path }, digest, request, context)
    if (failure?.code === 'BUG') throw cause
    print(terminal, options, path, report, failure)
    return failure ? exitCodeOfFailure(failure) : 0
  } finally {
    await rm(engine.scratchFolder, { recursive: true, force: true })
  }
}

function print(
  terminal: Terminal,
  { json }: CheckOptions,
  path: string,
  report: BuildReport,
  failure: Failure | undefined,
): void {
  const { verdict, findings } = report
  if (json) {
    terminal.stdout.write(`${JSON.stringify({ path, verdict, findings, failure })}\n`)
    return
  }
  if (failure) {
    terminal.stdout.write(`${path}: ${failureText(failure)}\n`)
    return
  }
  const lines = [`${path}: ${verdict.verdict.replace('-', ' ')}: ${verdict.because}`]
  terminal.stdout.write(`${lines.concat(findings.map(findingText)).join('\n')}\n`)
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
