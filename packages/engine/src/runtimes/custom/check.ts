import type { Finding } from '@packline/shared'
import { entryFindings } from '../../rules/entry-at-root.ts'
import type { Subject } from '../runtime.ts'

/**
 * The platform starts this file, whatever the handler says; what it is, is told by the rule
 * bootstrap, which holds for HTTP functions too.
 */
export async function check(subject: Subject): Promise<readonly Finding[]> {
  const { request, package: packed } = subject
  const absent = entryFindings(subject, ['bootstrap'])
  const isMade = packed.archive.entries.some(({ path }) => path === 'Makefile')
  if (!isMade && request.build.command === undefined) return absent
  const hint =
    'Let the build write bootstrap into $PACKLINE_OUTPUT; for an upload that is yet to be built set source.as to "source".'
  return absent.map((finding) => ({ ...finding, hint }))
}
