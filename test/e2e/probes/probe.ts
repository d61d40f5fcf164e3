import type { BuildRequestInput, BuildView } from '@packline/shared'
import type { CarrierName } from './carriers.ts'
import type { Place } from './place.ts'

/** Code that tries to get out, in statements of sh. */
export interface Probe {
  /** What it tries, as in "reads the worker's log". */
  title: string
  /** How its code comes to run in a build. */
  carrier: CarrierName
  /** What makes ready what `own` names. */
  before?: string
  /** Succeeds, as sh means it, where it gets at what `$1` names. */
  attempt: string
  /** What it must get at: so it is known that the code was run and that it works. */
  own: string
  /** What it must not get at. */
  others: (place: Place) => readonly string[]
  /** What comes last, when all of it has been told. */
  after?: string
  build?: BuildRequestInput['build']
  /** The code of a failure that is the limit's own; without it the build may end as it likes. */
  failure?: string
  /** What is to be seen from outside when the build has ended; throws where it is not so. */
  outside?: (ended: EndedProbe, place: Place) => Promise<void> | void
}

export interface EndedProbe {
  build: BuildView
  /** Its log, and what its failure says of the output. */
  said: string
  /** The package, where there is one: path -> what stands there. */
  entries: ReadonlyMap<string, PackedEntry>
}

export interface PackedEntry {
  mode: number
  kind: 'file' | 'folder' | 'link'
  bytes: Buffer
}

/** The whole script: prints `TOKEN ran`, and `TOKEN out WHAT` for each thing that it got at. */
export function scriptOf(
  { before = '', attempt, own, others, after = 'true' }: Probe,
  token: string,
  place: Place,
): string {
  const tries = others(place).map(
    (other) =>
      `if (attempt ${quoted(other)}) >/dev/null 2>&1; then echo "$T out "${quoted(other)}; fi`,
  )
  return [
    `T=${token}`,
    `attempt() {\n${attempt}\n}`,
    before,
    `if (attempt ${quoted(own)}); then echo "$T ran"; fi`,
    ...tries,
    after,
    '',
  ].join('\n')
}

/** One word of sh, whatever it holds. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
