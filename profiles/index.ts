import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PacklineError, type Profile, profileSchema } from '@packline/shared'
import { parseDocument } from 'yaml'
import type * as z from 'zod'

const PROFILE_BYTES_MAX = 1024 * 1024

export const DEFAULT_PROFILE = 'ctyun-functiongraph'

/**
 * A profile by name (one of the shipped) or by path. Throws INVALID_REQUEST with the place of each
 * mistake: a wrong profile would make wrong packages.
 */
export async function loadProfile(nameOrPath: string): Promise<Profile> {
  const file = pathOf(nameOrPath)
  const text = await read(file, nameOrPath)
  const document = parseDocument(text)
  const [mistake] = document.errors
  if (mistake) throw invalid(file, [mistake.message])
  const parsed = profileSchema.safeParse(document.toJS({ maxAliasCount: 10 }))
  if (parsed.success) return withSdk(parsed.data, dirname(file))
  throw invalid(file, parsed.error.issues.map(described))
}

/** The folder is named from the profile; where it is not there, nobody has put an SDK. */
function withSdk({ sdk, ...profile }: Profile, beside: string): Profile {
  const folder = sdk === undefined ? undefined : resolve(beside, sdk)
  return folder !== undefined && existsSync(folder) ? { ...profile, sdk: folder } : profile
}

function pathOf(nameOrPath: string): string {
  if (/[/\\.]/.test(nameOrPath)) return resolve(nameOrPath)
  return fileURLToPath(new URL(`${nameOrPath}.yaml`, import.meta.url))
}

async function read(file: string, asked: string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8')
    if (text.length <= PROFILE_BYTES_MAX) return text
  } catch (error) {
    throw new PacklineError(
      'INVALID_REQUEST',
      `There is no profile "${asked}" (looked at ${file})`,
      {
        hint: 'Name one that is shipped, such as ctyun-functiongraph, or give the path of a file.',
        cause: error,
      },
    )
  }
  throw invalid(file, [`has more than ${PROFILE_BYTES_MAX} bytes`])
}

function described(issue: z.core.$ZodIssue): string {
  return issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message
}

function invalid(file: string, mistakes: string[]): PacklineError {
  return new PacklineError(
    'INVALID_REQUEST',
    `${file} is no valid profile:\n${mistakes.join('\n')}`,
  )
}
