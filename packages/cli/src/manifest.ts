import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { failed, type Manifest, manifestSchema, PacklineError, type Words } from '@packline/shared'
import { parse } from 'yaml'
import { firstMistake } from './first-mistake.ts'

export const MANIFEST = 'packline.yaml'

/** What a manifest of this machine lists. Undefined where there is none; MANIFEST_INVALID. */
export async function readManifest(file: string): Promise<Manifest | undefined> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    const what = `${file} can not be read (${code ?? cause})`
    throw new PacklineError('INVALID_REQUEST', what, { cause })
  })
  if (text === undefined) return undefined
  const given = fromYaml(file, text)
  const parsed = manifestSchema.safeParse(given)
  if (parsed.success) return parsed.data
  throw invalid(file, firstMistake(parsed.error, given))
}

/** The manifest that is named, or that of a folder. INVALID_REQUEST where there is none. */
export async function manifestAt(given: string): Promise<{ file: string; manifest: Manifest }> {
  const isFolder = (await stat(given).catch(() => undefined))?.isDirectory()
  const file = resolve(isFolder ? join(given, MANIFEST) : given)
  const manifest = await readManifest(file)
  if (manifest) return { file, manifest }
  throw noManifest(given)
}

export function noManifest(given: string): PacklineError {
  return new PacklineError('INVALID_REQUEST', `There is no manifest ${given}`, {
    hint: `Name a ${MANIFEST}, or the folder that it lies in.`,
  })
}

function fromYaml(file: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 10 })
  } catch (cause) {
    const said = cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : ''
    throw invalid(file, { en: said, zh: said })
  }
}

function invalid(file: string, { en, zh }: Words): PacklineError {
  return failed('MANIFEST_INVALID', { detail: { en: `${file}: ${en}`, zh: `${file}：${zh}` } })
}
