import { readdir, stat } from 'node:fs/promises'
import { detectRuntimes, sourceFolder } from '@packline/engine'
import { type FolderSource, PacklineError, RUNTIME_NAMES, type RuntimeName } from '@packline/shared'
import type { FunctionOptions } from './request-fields.ts'

/** A runtime with why it was taken. */
export interface ChosenRuntime {
  runtime: RuntimeName
  because: string
}

/** The runtime by the option, else by the folder's files; fails where none or several fit. */
export async function chooseLocalRuntime(
  source: FolderSource,
  shown: string,
  options: Pick<FunctionOptions, 'runtime' | 'include'>,
): Promise<ChosenRuntime> {
  await checkFolder(source.path, shown)
  if (options.runtime !== undefined)
    return { runtime: runtimeNamed(options.runtime), because: '--runtime' }
  const found = await detectRuntimes(
    await sourceFolder(source.path, source.leaveOut, options.include),
  )
  const [first, second] = found
  if (!first) throw await nothingFound(source.path, shown)
  if (!second) return { runtime: first.runtime.id, because: first.detection.because }
  const names = found.map(({ runtime, detection }) => `${runtime.id} (${detection.because})`)
  const choices = found.map(({ runtime }) => `--runtime ${runtime.id}`)
  throw new PacklineError('INVALID_REQUEST', `${shown} could be ${names.join(' or ')}`, {
    hint: `Say which: ${choices.join(' or ')}.`,
  })
}

/** Throws UNKNOWN_RUNTIME with those there are. */
export function runtimeNamed(name: string): RuntimeName {
  const known = RUNTIME_NAMES.find((runtime) => runtime === name)
  if (known) return known
  throw new PacklineError('UNKNOWN_RUNTIME', `There is no runtime "${name}"`, {
    hint: `There are ${RUNTIME_NAMES.join(', ')}.`,
  })
}

async function checkFolder(path: string, shown: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) return
  const what = found ? `${shown} is no folder` : `There is no folder ${shown}`
  throw new PacklineError('INVALID_REQUEST', what, {
    hint: found ? 'packline check looks at archives.' : undefined,
  })
}

async function nothingFound(path: string, shown: string): Promise<PacklineError> {
  const names = await readdir(path)
  const some = names.slice(0, 8).join(', ') + (names.length > 8 ? ', ...' : '')
  const what = names.length === 0 ? `There is nothing in ${shown}` : `${shown} holds ${some}`
  return new PacklineError('RUNTIME_NOT_DETECTED', what, {
    hint: `Name the folder with the code itself, or say --runtime ${RUNTIME_NAMES.join('|')}.`,
  })
}
