import { chmod, lstat, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { loadProfile } from '@packline/profiles'
import {
  PacklineError,
  type RuntimeName,
  type Template,
  templateOf,
  templateOn,
} from '@packline/shared'
import { notWritable } from '../output-file.ts'
import { row } from '../rows.ts'
import type { Terminal } from '../terminal.ts'

interface InitOptions {
  runtime: RuntimeName
  type: 'event' | 'http'
  runtimeVersion?: string
  profile: string
  json?: boolean
}

/** `packline init`: the first files of a function; all of them, or none where one is there. */
export async function init(
  { stdout, stderr }: Terminal,
  folder: string,
  { runtime, type, runtimeVersion, profile, json }: InitOptions,
): Promise<number> {
  const given = templateOf(runtime, type)
  if (!given) {
    throw new PacklineError('INVALID_REQUEST', `There is no template for ${runtime}, ${type}`, {
      hint: 'HTTP functions have one for nodejs: --runtime nodejs --type http.',
    })
  }
  const template = templateOn(given, await loadProfile(profile), runtimeVersion)
  const root = resolve(folder)
  const files = Object.entries(template.files)
  for (const [path] of files) await checkFree(join(root, path), join(folder, path))
  for (const [path, { text, executable }] of files) {
    await writeNew(join(root, path), text, executable)
  }
  const { handler, initializer } = template
  if (json) {
    const paths = files.map(([path]) => path)
    stdout.write(
      `${JSON.stringify({ folder: root, runtime, type, handler, initializer, files: paths })}\n`,
    )
  } else {
    for (const [path] of files) stdout.write(`${row('written', join(folder, path))}\n`)
    stderr.write(
      `${row('next', nextCommand(relative('.', root) || '.', template, runtimeVersion))}\n`,
    )
  }
  return 0
}

function nextCommand(
  folder: string,
  { runtime, type, handler }: Template,
  version: string | undefined,
): string {
  const options = [
    ...(handler !== undefined && runtime !== 'custom' ? ['--handler', handler] : []),
    ...(type === 'http' ? ['--type', type, '--runtime', runtime] : []),
    ...(version === undefined ? [] : ['--runtime-version', version]),
  ]
  return ['packline', 'pack', folder, ...options].join(' ')
}

async function checkFree(path: string, shown: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (!found) return
  throw new PacklineError('INVALID_REQUEST', `${shown} is there already`, {
    hint: 'Name an empty folder, or move the file away.',
  })
}

async function writeNew(path: string, text: string, executable: boolean): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: 'wx' })
    if (executable) await chmod(path, 0o755)
  } catch (cause) {
    throw notWritable(path, cause)
  }
}
