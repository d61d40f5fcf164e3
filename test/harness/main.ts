import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { exitWithParent, lives } from '@packline/setup'
import { PacklineError } from '@packline/shared'
import { findPlaces } from '../../packages/engine/src/process/groups/find-places.ts'
import { removeLeftovers as removeLeftoverGroups } from '../../packages/engine/src/process/groups/groups.ts'
import { closingLine, countOutcome, type Outcome } from './closing.ts'
import { print, printPhase } from './phases.ts'
import { startTestServices } from './services.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
/** For `npm run check`: unit tests alone, with the services that are there at once. */
const IS_QUICK = process.argv.includes('--quick')
const FOLDER = path.join(ROOT, '.local', `test-${process.pid}`)

exitWithParent()
const abort = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    abort.abort()
    // Whatever hangs: the services end with us.
    setTimeout(() => process.exit(130), 15_000).unref()
  })
}
process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  if (process.env.PACKLINE_INSTALL_MS) {
    printPhase('install', Number(process.env.PACKLINE_INSTALL_MS), '')
  }
  const outcome = await runAll(args).catch(explain)
  await rm(FOLDER, { recursive: true, force: true })
  // vitest ends its processes by a signal, which leaves them no time to remove their groups.
  await removeLeftoverGroups(await findPlaces('/proc/self'))
  for (const remark of outcome.remarks) print(remark)
  print(closingLine(outcome))
  return outcome.failed > 0 || outcome.passed === 0 ? 1 : 0
}

async function runAll(args: string[]): Promise<Outcome> {
  await removeLeftovers()
  await mkdir(FOLDER, { recursive: true })
  const services = await startTestServices({
    root: ROOT,
    folder: FOLDER,
    environment: process.env,
    isQuick: IS_QUICK,
    signal: abort.signal,
  })
  try {
    Object.assign(process.env, services.variables)
    // Read when vitest is loaded: escapes belong on a terminal only.
    if (!process.stdout.isTTY) process.env.NO_COLOR = '1'
    if (IS_QUICK) process.env.PACKLINE_TEST_QUICK = '1'
    if (args.includes('--all')) process.env.PACKLINE_TEST_ALL = '1'
    const started = performance.now()
    const { runVitest } = await import('./vitest.ts')
    const { modules, errorsOutside } = await runVitest({
      root: ROOT,
      args: args.filter((arg) => arg !== '--all' && arg !== '--quick'),
      projects: IS_QUICK ? ['unit'] : undefined,
      signal: abort.signal,
    })
    printPhase('tests', performance.now() - started, '')
    return countOutcome(modules, errorsOutside)
  } finally {
    await services.stop()
  }
}

/** A run or a bench that was killed with -9 could not remove its folder. */
async function removeLeftovers(): Promise<void> {
  const local = path.dirname(FOLDER)
  const names = await readdir(local).catch((): string[] => [])
  const dead = names.filter((name) => {
    const pid = /^(?:test|bench)-(\d+)$/.exec(name)?.[1]
    return pid && !lives(Number(pid))
  })
  await Promise.all(dead.map((name) => rm(path.join(local, name), { recursive: true })))
}

function explain(error: unknown): Outcome {
  if (abort.signal.aborted) return { passed: 0, failed: 1, skipped: 0, remarks: ['interrupted'] }
  const remarks =
    error instanceof PacklineError
      ? [error.message, error.hint ?? '']
      : [error instanceof Error ? (error.stack ?? error.message) : String(error)]
  return { passed: 0, failed: 1, skipped: 0, remarks: remarks.filter(Boolean) }
}
