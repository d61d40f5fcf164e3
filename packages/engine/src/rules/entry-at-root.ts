import type { Finding } from '@packline/shared'
import type { Subject } from '../runtimes/runtime.ts'
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
  const files = subject.package.archive.entries.filter((entry) => entry.kind !== 'folder')
  const paths = new Set(files.map((file) => file.path))
  const found = wanted.find((path) => paths.has(path))
  if (found !== undefined) return found.includes('/') ? [inFolder(found, subject)] : []
  return [missing(wanted, files)]
}

/** A handler that names a folder itself; how strict the platform is stands in the profile. */
function inFolder(path: string, { profile, request }: Subject): Finding {
  return {
    rule: 'entry-at-root',
    level: profile.levels.handlerInFolder,
    message: `the handler "${request.handler}" names a folder; its file is ${path}, not at the root`,
    hint: 'Move the file to the root and name it there, where the platform looks first.',
    path,
  }
}

function missing(wanted: readonly string[], files: readonly { path: string }[]): Finding {
  const expected = wanted.join(' or ')
  const wrapper = wrappingFolder(files)
  const inside =
    wrapper && wanted.find((path) => files.some((f) => f.path === `${wrapper}/${path}`))
  if (inside) {
    return {
      rule: 'entry-at-root',
      level: 'error',
      message: `everything lies in the folder "${wrapper}"; expected ${inside} at the root, found ${wrapper}/${inside}`,
      hint: `Zip the content of "${wrapper}", not the folder, or set build.unwrap to true.`,
      path: `${wrapper}/${inside}`,
    }
  }
  const root = files.map((file) => file.path).filter((path) => !path.includes('/'))
  const elsewhere = files.find((file) => wanted.some((path) => file.path.endsWith(`/${path}`)))
  return {
    rule: 'entry-at-root',
    level: 'error',
    message: `expected ${expected} at the root, found ${root.length > 0 || !wrapper ? listed(root) : `only the folder "${wrapper}"`}`,
    hint: elsewhere
      ? `${elsewhere.path} has the name: move it to the root, or name its folder in the handler.`
      : 'Name the file in the handler as it is called, or add it to the source.',
  }
}

function listed(root: readonly string[]): string {
  if (root.length === 0) return 'no file there'
  const shown = root.slice(0, 8).join(', ')
  return root.length > 8 ? `${shown} and ${root.length - 8} more` : shown
}
