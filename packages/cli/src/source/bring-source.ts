import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Client } from '@packline/client'
import { type ToldRuntime, tellRuntimes } from '@packline/engine'
import { DEFAULT_PROFILE, loadProfile } from '@packline/profiles'
import { PacklineError, RUNTIME_NAMES, type RuntimeName } from '@packline/shared'
import { type ChosenRuntime, chooseLocalRuntime, runtimeNamed } from '../choose-local-runtime.ts'
import { type BroughtSource, bringFolder } from './bring-folder.ts'
import type { ToldSource } from './told-source.ts'

interface Options {
  runtime?: string
  include?: string[]
  as?: 'source' | 'package'
  sha256?: string
  signal: AbortSignal
}

/** The runtime, told by the files where they lie here; an address says nothing of its own. */
export async function runtimeOf(
  told: ToldSource,
  shown: string,
  { runtime, include, signal }: Options,
): Promise<ChosenRuntime> {
  if (runtime !== undefined) return { runtime: runtimeNamed(runtime), because: '--runtime' }
  if (told.kind === 'folder') {
    return chooseLocalRuntime({ kind: 'folder', path: told.path }, shown, { include })
  }
  if (told.kind === 'archive') {
    const profile = await loadProfile(DEFAULT_PROFILE)
    return onlyOne(shown, await tellRuntimes({ path: told.path }, profile, signal))
  }
  throw unknown(`The files of ${shown} are not here to tell the runtime by`)
}

/** The source as the API takes it; what lies here has been sent by then. */
export async function bringSource(
  client: Client,
  told: ToldSource,
  { as, include, sha256, signal }: Options,
): Promise<BroughtSource> {
  switch (told.kind) {
    case 'folder':
      return bringFolder(client, told.path, { as, include, signal })
    case 'archive': {
      const { size } = await stat(told.path)
      const { upload } = await client.upload(createReadStream(told.path), size)
      return { source: { kind: 'upload', upload, as }, said: `uploaded, ${upload.slice(0, 12)}` }
    }
    case 'git':
      return { source: { ...told, as }, said: `${told.url} ${told.ref ?? 'HEAD'}` }
    case 'object':
      return { source: { ...told, as }, said: 'fetched by the server' }
    case 'url':
      return { source: { ...told, sha256: pinOf(sha256), as }, said: 'fetched by the server' }
  }
}

/** What lies at an address may be another thing tomorrow: not to pin it is said on purpose. */
function pinOf(sha256: string | undefined): string | null {
  if (sha256 === 'none') return null
  if (sha256 !== undefined) return sha256
  throw new PacklineError('INVALID_REQUEST', 'The archive at the address is not pinned', {
    hint: 'Say --sha256 DIGEST; --sha256 none takes whatever lies there.',
  })
}

function onlyOne(shown: string, told: readonly ToldRuntime[]): ChosenRuntime {
  const [first, second] = told
  if (first && !second) return first
  if (!first) throw unknown(`Nothing in ${shown} tells the runtime`)
  const found: RuntimeName[] = told.map(({ runtime }) => runtime)
  throw unknown(`${shown} could be ${found.join(' or ')}`)
}

function unknown(found: string): PacklineError {
  return new PacklineError('INVALID_REQUEST', found, {
    hint: `Say --runtime ${RUNTIME_NAMES.join('|')}.`,
  })
}
