import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { type Environment, toolEnvironment } from './environment.ts'
import { findOnPath } from './find-on-path.ts'
import { runCommand } from './process/command.ts'
import { type Service, startService } from './process/service.ts'

const ANSWER_MS_MAX = 5000
const PULL_MS_MAX = 60_000

export interface Engine {
  program: string
  env: Record<string, string>
}

/** What runs in a container, with one port on 127.0.0.1 and one folder of ours. */
export interface ContainerSpec {
  name: string
  /** Taken in this order: the first that the engine has, else the first that it can pull. */
  images: string[]
  args: string[]
  variables: Record<string, string>
  port: { host: number; container: number }
  folder: { host: string; container: string }
  isReady: () => Promise<boolean>
  logFile: string
  signal?: AbortSignal
}

/** The container engine that answers within 5 s; a client without a server is none. */
export async function findEngine(environment: Environment, signal?: AbortSignal): Promise<Engine> {
  const program = findOnPath(environment, 'docker', 'podman')
  if (!program) throw new Error('no container engine (docker, podman)')
  const env = toolEnvironment(environment)
  try {
    await runCommand([program, 'info'], { env, timeoutMs: ANSWER_MS_MAX, signal })
  } catch (cause) {
    signal?.throwIfAborted()
    throw new Error(`${path.basename(program)} is there but no engine answers`, { cause })
  }
  return { program, env }
}

interface ImageOptions {
  /** For all pulls together. */
  pullMsMax?: number
  signal?: AbortSignal
}

/** One of `images` that the engine has or gets within 60 s, unless told else. */
export async function ensureImage(
  engine: Engine,
  images: string[],
  { pullMsMax = PULL_MS_MAX, signal }: ImageOptions = {},
): Promise<string> {
  for (const image of images) {
    const inspect = ['image', 'inspect', image]
    if (await succeeds(engine, inspect, ANSWER_MS_MAX, signal)) return image
  }
  const deadline = performance.now() + pullMsMax
  for (const image of images) {
    const leftMs = deadline - performance.now()
    if (leftMs <= 0) break
    if (await succeeds(engine, ['pull', '--quiet', image], leftMs, signal)) return image
  }
  const seconds = pullMsMax / 1000
  throw new Error(`the engine neither has nor gets ${images.join(' or ')} within ${seconds} s`)
}

/** Runs a container in the foreground of a process of ours, so that it ends with us. */
export async function startContainer(engine: Engine, spec: ContainerSpec): Promise<Service> {
  const image = await ensureImage(engine, spec.images, { signal: spec.signal })
  await mkdir(spec.folder.host, { recursive: true })
  const variables = Object.keys(spec.variables).flatMap((name) => ['--env', name])
  const { host, container } = spec.folder
  return startService({
    name: spec.name,
    argv: [
      engine.program,
      ...['run', '--rm', '--publish', `127.0.0.1:${spec.port.host}:${spec.port.container}`],
      ...['--mount', `type=bind,"source=${host}",target=${container}`],
      // Its files are ours to read and to remove.
      ...ownUser(),
      ...variables,
      image,
      ...spec.args,
    ],
    cwd: host,
    // Values stand in the client's environment, not on its command line, which anyone may read.
    env: { ...engine.env, ...spec.variables },
    logFile: spec.logFile,
    isReady: spec.isReady,
    readyMsMax: 30_000,
    graceMs: 10_000,
    signal: spec.signal,
  })
}

function ownUser(): string[] {
  const [user, group] = [process.getuid?.(), process.getgid?.()]
  return user === undefined ? [] : ['--user', `${user}:${group}`]
}

async function succeeds(
  { program, env }: Engine,
  args: string[],
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    await runCommand([program, ...args], { env, timeoutMs, signal })
    return true
  } catch {
    signal?.throwIfAborted()
    // The engine said no or nothing; the next image is asked for.
    return false
  }
}
