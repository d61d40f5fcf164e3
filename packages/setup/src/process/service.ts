import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { signalGroup } from './group.ts'
import { readTail } from './tail.ts'
import { endWithUs } from './watcher.ts'

const POLL_MS = 25
const LOG_BYTES_MAX = 16 * 1024 ** 2

export interface ServiceSpec {
  /** As the user reads it, such as `Redis`. */
  name: string
  argv: [string, ...string[]]
  cwd: string
  /** The whole environment; nothing is inherited. */
  env: Record<string, string>
  /** Both output streams are appended to it; over 16 MiB at a start it becomes `<logFile>.1`. */
  logFile: string
  /** Asked again and again until it says yes. */
  isReady: () => Promise<boolean>
  readyMsMax: number
  /** Time between SIGTERM and SIGKILL. */
  graceMs: number
  signal?: AbortSignal
}

/** A process that runs beside us and ends with us. */
export interface Service {
  pid: number
  /** Ends with the process: its exit code, or `undefined` when a signal ended it. */
  exited: Promise<number | undefined>
  stop: () => Promise<void>
}

/** Starts a program in a process group of its own and waits until it is ready. */
export async function startService(spec: ServiceSpec): Promise<Service> {
  const service = await launch(spec)
  try {
    await waitUntilReady(spec, service)
    return service
  } catch (error) {
    await service.stop()
    throw error
  }
}

async function launch(spec: ServiceSpec): Promise<Service> {
  const child = spawnLogged(spec)
  const exited = new Promise<number | undefined>((resolve) => {
    child.once('exit', (code) => resolve(code ?? undefined))
    child.once('error', () => resolve(undefined))
  })
  const pid = await startedPid(child, spec.name)
  const callOff = endWithUs(pid, spec.graceMs)
  const unwatched = exited.then(callOff)
  const stop = async () => {
    await stopGroup(pid, exited, spec.graceMs)
    await unwatched
  }
  return { pid, exited, stop }
}

function spawnLogged(spec: ServiceSpec): ChildProcess {
  mkdirSync(path.dirname(spec.logFile), { recursive: true })
  putAsideLarge(spec.logFile)
  const log = openSync(spec.logFile, 'a', 0o600)
  const [program, ...args] = spec.argv
  try {
    return spawn(program, args, {
      cwd: spec.cwd,
      env: spec.env,
      stdio: ['ignore', log, log],
      // Ctrl-C on the terminal is for us: we stop our services in order.
      detached: true,
    })
  } finally {
    closeSync(log)
  }
}

function putAsideLarge(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0
  if (size > LOG_BYTES_MAX) renameSync(logFile, `${logFile}.1`)
}

function startedPid(child: ChildProcess, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0))
    child.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new Error(`${name} could not be started (${cause.code})`, { cause })),
    )
  })
}

async function waitUntilReady(spec: ServiceSpec, service: Service): Promise<void> {
  const deadline = Date.now() + spec.readyMsMax
  let ended = false
  service.exited.then(() => {
    ended = true
  })
  while (!(await spec.isReady())) {
    if (ended) throw new Error(`${spec.name} ended at once: ${await readTail(spec.logFile)}`)
    if (Date.now() > deadline) {
      const seconds = spec.readyMsMax / 1000
      throw new Error(`${spec.name} was not ready after ${seconds} s, see ${spec.logFile}`)
    }
    await wait(POLL_MS, undefined, { signal: spec.signal })
  }
  // Somebody else may have answered on our port while our process had died on it.
  if (ended) throw new Error(`${spec.name} ended at once: ${await readTail(spec.logFile)}`)
}

async function stopGroup(pid: number, exited: Promise<unknown>, graceMs: number): Promise<void> {
  signalGroup(pid, 'SIGTERM')
  const late = new AbortController()
  const timeUp = wait(graceMs, undefined, { signal: late.signal }).then(
    () => signalGroup(pid, 'SIGKILL'),
    () => {
      // It ended in time.
    },
  )
  await exited
  late.abort()
  await timeUp
}
