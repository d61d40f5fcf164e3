import { open, readFile, realpath } from 'node:fs/promises'
import { PacklineError } from '@packline/shared'
import type { RunTool } from '../process/command.ts'
import { isExecutable } from '../process/on-path.ts'

/** A Python on a loaded machine, with nothing in the disk's cache, needs seconds. */
const PROBE_MS_MAX = 15_000
const PROBE_OUTPUT_BYTES_MAX = 64 * 1024

/** Asks a program about itself; undefined when it does not start, fails or takes too long. */
export async function probe(run: RunTool, argv: readonly string[]): Promise<string | undefined> {
  try {
    const { exitCode, stdout, stderr } = await run(
      {
        argv,
        cwd: '/',
        env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C.UTF-8', GOTOOLCHAIN: 'local' },
        network: 'none',
        binds: [],
      },
      {
        signal: AbortSignal.timeout(2 * PROBE_MS_MAX),
        timeoutMs: PROBE_MS_MAX,
        outputBytesMax: PROBE_OUTPUT_BYTES_MAX,
      },
    )
    return exitCode === 0 ? `${stdout}${stderr}` : undefined
  } catch (error) {
    // A tool that can not be asked is a tool that the worker does not have.
    if (error instanceof PacklineError) return undefined
    throw error
  }
}

/** The program behind links; undefined when there is none, or it is a script such as a shim. */
export async function programAt(path: string): Promise<string | undefined> {
  if (!(await isExecutable(path))) return undefined
  const file = await realpath(path)
  const start = await readFirstBytes(file)
  return start === '#!' ? undefined : file
}

async function readFirstBytes(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** What must be bound for a path: nothing where the system's own folder has it. */
export function bindsOf(path: string): string[] {
  return path === '/usr' || path.startsWith('/usr/') ? [] : [path]
}

/** A version's numbers: "17.0.15" before "9.0"; for sorting newest first. */
export function newestFirst(a: { version: string }, b: { version: string }): number {
  const left = numbers(a.version)
  const right = numbers(b.version)
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (right[index] ?? 0) - (left[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function numbers(version: string): number[] {
  return version
    .split(/[^0-9]+/)
    .filter(Boolean)
    .map(Number)
}

/** The first text that a pattern's first group finds in a file; undefined without the file. */
export async function textIn(file: string, pattern: RegExp): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : pattern.exec(text)?.[1]
}
