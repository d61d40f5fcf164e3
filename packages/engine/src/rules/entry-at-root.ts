import { dirname } from 'node:path/posix'
import type { Finding } from '@packline/shared'
import { finding } from '../finding.ts'
import { isInstalledPath } from '../installed-files.ts'
import type { Subject } from '../runtimes/runtime.ts'
import { entryAtRootTexts } from '../texts/entry-at-root.ts'
import { wrappingFolder } from '../tree.ts'
import type { Rule } from './rule.ts'

/** The entry file stands directly at the root (package-rules.md part 2). */
export const entryAtRoot: Rule = {
  id: 'entry-at-root',
  check: (subject, runtime) => entryFindings(subject, runtime.entries(subject)),
}

/** What is said when none of the files stands at the root; for runtimes whose source lacks them. */
export function entryFindings(subject: Subject, wanted: readonly string[]): Finding[] {
  if (wanted.length === 0) return []
  const { archive, installed } = subject.package
  const files = archive.entries.filter((entry) => entry.kind !== 'folder')
  const paths = new Set(files.map((file) => file.path))
  const found = wanted.find((path) => paths.has(path))
  if (found !== undefined) return found.includes('/') ? [inFolder(found, subject)] : []
  // A library's file of the name is nobody's handler.
  const own = files.filter(({ path }) => !installed.has(path) && !isInstalledPath(path))
  return [missing(wanted, own, wrappingFolder(files))]
}

/** A handler that names a folder itself; how strict the platform is stands in the profile. */
function inFolder(path: string, { profile, request }: Subject): Finding {
  const said = entryAtRootTexts.inFolder(request.handler ?? '', path)
  return finding('entry-at-root', profile.levels.handlerInFolder, said, { path })
}

/** `files`: the user's own; `wrapper`: the folder that all lies in. */
function missing(
  wanted: readonly string[],
  files: readonly { path: string }[],
  wrapper: string | undefined,
): Finding {
  const inside =
    wrapper && wanted.find((path) => files.some((f) => f.path === `${wrapper}/${path}`))
  if (inside) {
    const said = entryAtRootTexts.wrapped(wrapper, inside)
    return finding('entry-at-root', 'error', said, { path: `${wrapper}/${inside}` })
  }
  const root = files.map((file) => file.path).filter((path) => !path.includes('/'))
  const named = files.filter((file) => wanted.some((path) => file.path.endsWith(`/${path}`)))
  const [elsewhere] = named.map(({ path }) => path).sort((a, b) => depth(a) - depth(b))
  const folder = elsewhere === undefined ? '' : dirname(elsewhere)
  const project = files.some(({ path }) => path === `${folder}/package.json`) ? folder : undefined
  const around = { wrapper, elsewhere, project }
  return finding('entry-at-root', 'error', entryAtRootTexts.missing(wanted, root, around))
}

function depth(path: string): number {
  return path.split('/').length
}
