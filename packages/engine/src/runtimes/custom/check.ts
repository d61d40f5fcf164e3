import type { Finding } from '@packline/shared'
import { withHint } from '../../finding.ts'
import { entryFindings } from '../../rules/entry-at-root.ts'
import { UNBUILT } from '../../texts/entry-at-root.ts'
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
  return absent.map((one) => withHint(one, UNBUILT))
}
