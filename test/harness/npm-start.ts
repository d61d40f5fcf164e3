import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readdir, readFile, readlink } from 'node:fs/promises'
import path from 'node:path'
import { until } from './processes.ts'

/** `npm start` in a clone, with its output in a file as a user's `> file` has it. */
export interface Started {
  child: ChildProcess
  output(): Promise<string>
  /** Waits for READY and gives what was printed for the user. */
  ready(): Promise<{ url: string; key: string }>
  /** The exit code; undefined when a signal ended it. */
  exited: Promise<number | undefined>
}

const READY_MS_MAX = 100_000
let runs = 0

/** `argv` takes the place of npm, such as the launcher alone or npm inside of something else. */
export async function npmStart(
  clone: string,
  args: string[] = [],
  settings: { argv?: [string, ...string[]]; environment?: Record<string, string> } = {},
): Promise<Started> {
  const file = path.join(path.dirname(clone), `${path.basename(clone)}-${runs++}.out`)
  const log = await open(file, 'w')
  const [program, ...before] = settings.argv ?? ['npm', 'start', '--silent', '--']
  const child = spawn(program, [...before, ...args], {
    cwd: clone,
    env: { ...ordinaryEnvironment(), ...settings.environment },
    stdio: ['ignore', log.fd, log.fd],
  })
  const exited = once(child, 'exit').then(([code]) => (code as number | null) ?? undefined)
  await log.close()
  const output = () => readFile(file, 'utf8')
  return {
    child,
    output,
    exited,
    ready: async () => {
      await until(
        async () => child.exitCode !== null || /^READY /m.test(await output()),
        READY_MS_MAX,
      )
      const text = await output()
      const [, url, key] = /^url {2}(\S+)\nkey {2}(\S+)\n\nREADY \1$/m.exec(text) ?? []
      if (url === undefined || key === undefined) throw new Error(`never READY:\n${text}`)
      return { url, key }
    },
  }
}

/** A user's: the Redis of the tests' machine is on PATH, and nothing says that tests are run. */
function ordinaryEnvironment(): Record<string, string | undefined> {
  const { PATH, HOME, PYENV_ROOT, XDG_CACHE_HOME, PACKLINE_TEST_REDIS } = process.env
  const folders = [PACKLINE_TEST_REDIS && path.dirname(PACKLINE_TEST_REDIS), PATH]
  const kept = { HOME, PYENV_ROOT, XDG_CACHE_HOME, PATH: folders.filter(Boolean).join(':') }
  const given = PACKLINE_TEST_REDIS ? undefined : process.env.PACKLINE_TEST_REDIS_URL
  return { ...kept, ...(given ? { PACKLINE_REDIS_URL: given } : {}) }
}

/** Processes that run in a folder, from it or with it in their environment, by command line. */
export async function processesOf(folder: string): Promise<{ pid: number; command: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
      const [command, variables, stat, cwd] = await Promise.all([
        read('cmdline'),
        read('environ'),
        read('stat'),
        readlink(`/proc/${pid}/cwd`).catch(() => ''),
      ])
      const isOfFolder = [command, variables, cwd].some((text) => text.includes(folder))
      const isZombie = /\) Z /.test(stat)
      if (!isOfFolder || isZombie) return []
      return [{ pid: Number(pid), command: command.replaceAll('\0', ' ') }]
    }),
  )
  return found.flat()
}
