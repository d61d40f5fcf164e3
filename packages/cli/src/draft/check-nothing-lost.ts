import { type DraftView, PacklineError } from '@packline/shared'
import type { Differences } from './differences.ts'
import type { Pulled } from './pulled.ts'
import { differenceLines } from './tell-differences.ts'

interface Push {
  name: string
  /** The folder as it was named. */
  given: string
  draft: Pick<DraftView, 'version'>
  pulled?: Pick<Pulled, 'version'>
  /** The version that whoever pushes says to have seen. */
  over?: number
}

/**
 * Throws PRECONDITION_FAILED, with what differs, where the draft has changes that the folder never
 * had: a push would take them away.
 */
export function checkNothingLost(
  { name, given, draft: { version }, pulled, over }: Push,
  differs: Differences,
): void {
  if (over === version) return
  const isUnseen = differs.there.length + differs.both.length > 0
  if (over === undefined && !isUnseen) return
  const seen = over ?? pulled?.version
  const made = seen === undefined ? 'was not pulled from it' : `was made on version ${seen}`
  const what = `The draft of ${name} has version ${version}; ${given} ${made}`
  const again = `packline functions push ${name} ${given} --over ${version}`
  const hint =
    differs.both.length > 0
      ? `Pull into another folder and put both together here; then say ${again}.`
      : `packline functions pull ${name} ${given} brings it here; ${again} takes it away.`
  const lines = [what, ...differenceLines(differs)]
  throw new PacklineError('PRECONDITION_FAILED', lines.join('\n'), { hint })
}
