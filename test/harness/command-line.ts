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
  /** What it reads from its standard input; without it nothing. */
  input?: string
  /**
   * On a terminal of its own, whose text is `stdout`; called with what it shows so far, and with
   * what types on its keyboard.
   */
  onTerminal?: (shown: string, type: (text: string) => void) => void
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
  settings: RunSettings,
  folder: string,
  temporary: string,
): Promise<Ran> {
  const { environment, cwd = '.', onStart, input, onTerminal } = settings
  const { PATH = '', HOME = '', PACKLINE_TEST_BWRAP: bwrap } = process.env
  const sandbox = bwrap === undefined ? {} : { PACKLINE_BWRAP: bwrap }
  // No test reads or writes the login of whoever runs it.
  const own = { TMPDIR: temporary, XDG_CONFIG_HOME: join(folder, '../config') }
  const env = { PATH, HOME, ...own, ...sandbox, ...environment }
  const [program = '', ...argv] = commandOf(args, settings)
  const reads = input !== undefined || onTerminal !== undefined
  const child = spawn(program, argv, {
    cwd: join(folder, cwd),
    env,
    stdio: [reads ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  })
  if (input !== undefined) child.stdin?.end(input)
  const ran: Ran = { code: null, stdout: '', stderr: '' }
  const type = (text: string) => void child.stdin?.write(text)
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      ran[name] += text
      if (name === 'stdout') onTerminal?.(ran.stdout, type)
    })
  }
  onStart?.(child.pid ?? 0)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      child.stdin?.destroy()
      resolve({ ...ran, code })
    })
  })
}

/** The machine's own Node.js, as npx would take it. */
function commandOf(args: readonly string[], { umask = '022', onTerminal }: RunSettings): string[] {
  if (!onTerminal) return ['/bin/sh', '-c', `umask ${umask}; exec node "$@"`, 'sh', BIN, ...args]
  const words = ['node', BIN, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`)
  const command = `stty cols 100 rows 30; exec ${words.join(' ')}`
  return ['script', '--quiet', '--flush', '--return', '--command', command, '/dev/null']
}
