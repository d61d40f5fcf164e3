import type { Asked } from './requirement.ts'

/** One line of the list that is installed. */
export interface ListLine {
  /** As pip and uv read it; a path of the source is written as it is inside the sandbox. */
  text: string
  /** Absent for a bare address or path. */
  asked?: Asked
  /** "sha256:...", of which the file must have one; empty: not checked. */
  hashes: readonly string[]
  /** A file of the source itself, or a folder: of what is no wheel one has to be built first. */
  local?: 'wheel' | 'source'
  file: string
  /** 1-based. */
  line: number
}

/** The dependencies that a source asks for, as data that any installer can be given. */
export interface Declared {
  /** What decided: a requirements file, a manifest or a lock file. */
  path: string
  lines: readonly ListLine[]
  /** Lines that ask for nothing and hold versions where something else asks (pip's -c). */
  constraints: readonly ListLine[]
  /** Lines of settings, such as "--extra-index-url ...". */
  settings: readonly string[]
  /** The list is complete, as lock files are: nothing else is looked for. */
  locked: boolean
}
