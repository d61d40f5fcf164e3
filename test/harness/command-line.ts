import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const BIN = join(import.meta.dirname, '../../packages/cli/bin/packline.mjs')

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

/** A folder with a space in its name to run `packline` in, and one for its temporary files. */
export interface Workplace {
  folder: string
  /** What lies in its temporary folder: nothing, once a command has ended. */
  leftovers(): Promise<string[]>
  write(files: Record<string, string | Buffer>): Promise<void>
  run(args: readonly string[], settings?: RunSettings): Promise<Ran>
  remove(): Promise<void>
}

export interface RunSettings {
  environment?: Record<string, string>
  /** Below the workplace. */
  cwd?: string
  /** Octal, such as `077`. */
  umask?: string
  /** Called when the process runs; for signals. */
  onStart?: (pid: number) => void
}

export async function makeWorkplace(): Promise<Workplace> {
  const root = await mkdtemp(join(tmpdir(), 'packline cli '))
  const [folder, temporary] = [join(root, 'here'), join(root, 'tmp')]
  await Promise.all([mkdir(folder), mkdir(temporary)])
  return {
    folder,
    leftovers: () => readdir(temporary),
    write: async (files) => {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true })
        await writeFile(join(folder, path), content)
      }
    },
    run: (args, settings = {}) => run(args, settings, folder, temporary),
    remove: () => rm(root, { recursive: true, force: true }),
  }
}

function run(
  args: readonly string[],
  { environment, cwd = '.', umask = '022', onStart }: RunSettings,
  folder: string,
  temporary: string,
): Promise<Ran> {
  const { PATH = '', HOME = '', PACKLINE_TEST_BWRAP: bwrap } = process.env
  const sandbox = bwrap === undefined ? {} : { PACKLINE_BWRAP: bwrap }
  const env = { PATH, HOME, TMPDIR: temporary, ...sandbox, ...environment }
  // The machine's own Node.js, as npx would take it.
  const child = spawn('/bin/sh', ['-c', `umask ${umask}; exec node "$@"`, 'sh', BIN, ...args], {
    cwd: join(folder, cwd),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ran: Ran = { code: null, stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      ran[name] += text
    })
  }
  onStart?.(child.pid ?? 0)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ ...ran, code }))
  })
}
