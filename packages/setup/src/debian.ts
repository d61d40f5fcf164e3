import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Environment, toolEnvironment } from './environment.ts'
import { findOnPath, isExecutable } from './find-on-path.ts'
import { withFolderLock } from './folder-lock.mjs'
import { runCommand } from './process/command.ts'

const FETCH_MS_MAX = 5 * 60_000
/** Package lists older than this are fetched anew before anything is downloaded by them. */
const LISTS_MS_MAX = 24 * 3600_000

export interface DebianOptions {
  /** Where everything goes: apt's own state and cache, the unpacked files, the programs. */
  folder: string
  environment: Environment
  signal?: AbortSignal
}

/** A program of a package of Debian or Ubuntu. */
export interface DebianProgram {
  package: string
  program: string
  /** Stand before those that it is called with. */
  firstArguments?: readonly string[]
}

/** The variable by which an unpacked program finds the libraries unpacked beside it. */
export const LIBRARY_VARIABLE = 'LD_LIBRARY_PATH'

/**
 * Programs of the distribution, unpacked below `folder` and installed nowhere: an ordinary user may
 * do it and no system service starts. A second call finds them there and needs no network. Answers
 * the paths of small scripts that run them with the libraries unpacked beside them.
 */
export async function unpackPrograms(
  wanted: DebianProgram[],
  options: DebianOptions,
): Promise<string[]> {
  const there = unpackedPrograms(wanted, options.folder)
  if (there) return there
  const apt = findOnPath(options.environment, 'apt-get')
  const dpkg = findOnPath(options.environment, 'dpkg-deb')
  if (!apt || !dpkg) throw new Error('this is neither Debian nor Ubuntu (no apt-get)')
  return withFolderLock(
    path.join(options.folder, 'lock'),
    async () => {
      const meanwhile = unpackedPrograms(wanted, options.folder)
      if (meanwhile) return meanwhile
      await download(apt, wanted, options)
      await unpack(dpkg, options)
      return await Promise.all(wanted.map((one) => writeProgram(one, options.folder)))
    },
    { signal: options.signal },
  )
}

/** The same, but only when an earlier call has unpacked them all. */
export function unpackedPrograms(wanted: DebianProgram[], folder: string): string[] | undefined {
  const files = wanted.map(({ program }) => path.join(folder, 'bin', program))
  return files.every(isExecutable) ? files : undefined
}

async function download(
  apt: string,
  wanted: DebianProgram[],
  options: DebianOptions,
): Promise<void> {
  const { folder } = options
  await mkdir(path.join(folder, 'state', 'lists', 'partial'), { recursive: true })
  await mkdir(path.join(folder, 'cache', 'archives', 'partial'), { recursive: true })
  const run = (...argv: string[]) =>
    runCommand([apt, ...aptSettings(folder), ...argv], {
      env: toolEnvironment(options.environment),
      timeoutMs: FETCH_MS_MAX,
      signal: options.signal,
    })
  // `--reinstall`: the system may list the package without having its files.
  const fetch = () =>
    run(
      ...['--yes', '--download-only', '--no-install-recommends', '--reinstall', 'install'],
      ...wanted.map((one) => one.package),
    )
  if (await hasFreshLists(folder)) {
    try {
      await fetch()
      return
    } catch {
      // The lists name a version that the mirror has replaced: ask for new ones.
    }
  }
  await updateLists(run)
  await fetch()
}

/** apt's state and cache below `folder`; the system's list of installed packages is only read. */
function aptSettings(folder: string): string[] {
  const settings = [
    `Dir::State=${folder}/state`,
    `Dir::Cache=${folder}/cache`,
    'Dir::State::status=/var/lib/dpkg/status',
    // Without root there is no other user to download as, and the system's lock can not be had.
    'APT::Sandbox::User=',
    'Debug::NoLocking=1',
    'Acquire::Languages=none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false',
    'Acquire::Retries=2',
    'Acquire::http::Timeout=20',
    'Acquire::https::Timeout=20',
  ]
  return ['-q', ...settings.flatMap((setting) => ['-o', setting])]
}

async function hasFreshLists(folder: string): Promise<boolean> {
  const lists = path.join(folder, 'state', 'lists')
  const names = await readdir(lists)
  if (!names.some((name) => name.includes('Packages'))) return false
  return Date.now() - (await stat(lists)).mtimeMs < LISTS_MS_MAX
}

async function updateLists(run: (command: string) => Promise<string>): Promise<void> {
  const output = await run('update')
  // apt-get calls it a success when no list at all could be fetched.
  if (!/^(Get|Hit):/m.test(output)) {
    throw new Error("the distribution's package lists can not be fetched; is there a network?")
  }
}

async function unpack(dpkg: string, options: DebianOptions): Promise<void> {
  const archives = path.join(options.folder, 'cache', 'archives')
  const root = path.join(options.folder, 'root')
  const names = (await readdir(archives)).filter((name) => name.endsWith('.deb'))
  for (const name of names) {
    await runCommand([dpkg, '-x', path.join(archives, name), root], {
      env: toolEnvironment(options.environment),
      timeoutMs: FETCH_MS_MAX,
      signal: options.signal,
    })
  }
  await rm(archives, { recursive: true, force: true })
}

const PROGRAM_FOLDERS = ['usr/bin', 'usr/sbin', 'bin', 'sbin']

/** Written last: the script's presence says that all it needs is there. */
async function writeProgram(wanted: DebianProgram, folder: string): Promise<string> {
  const { program, firstArguments = [] } = wanted
  const root = path.join(folder, 'root')
  const place = PROGRAM_FOLDERS.find((one) => existsSync(path.join(root, one, program)))
  if (!place) throw new Error(`the distribution's package has no ${program}`)
  const file = path.join(folder, 'bin', program)
  await mkdir(path.dirname(file), { recursive: true })
  const libraries = await libraryFolders(root)
  await writeFile(file, programText(`${place}/${program}`, libraries, firstArguments))
  await chmod(file, 0o755)
  return file
}

function programText(place: string, libraries: string[], firstArguments: readonly string[]) {
  const given = [...firstArguments, '"$@"'].join(' ')
  return `#!/bin/sh
# Runs the unpacked program with the libraries that were unpacked beside it.
root="\${0%/*}/../root"
${LIBRARY_VARIABLE}="${libraries.map((folder) => `$root/${folder}`).join(':')}"
export ${LIBRARY_VARIABLE}
exec "$root/${place}" ${given}
`
}

/** Where Debian's packages put shared libraries, such as `usr/lib/x86_64-linux-gnu`. */
async function libraryFolders(root: string): Promise<string[]> {
  const found = await Promise.all(
    ['usr/lib', 'lib'].map(async (base) => {
      const entries = await readdir(path.join(root, base), { withFileTypes: true }).catch(() => [])
      const triplets = entries.filter((entry) => /-linux-gnu/.test(entry.name))
      return triplets.map((entry) => `${base}/${entry.name}`)
    }),
  )
  return found.flat()
}
