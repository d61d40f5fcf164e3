import { posix } from 'node:path'
import { BUILD } from '../../package.ts'

/** The requirements file that is installed. */
export const LIST = `${BUILD.home}/requirements.txt`
/** What install.py reads. */
export const JOB = `${BUILD.home}/install.json`

/**
 * As install.py's commands name a file, which it starts in BUILD.home: where there is no sandbox
 * that lies elsewhere, and what stands in files is not translated as arguments are.
 */
export function fromHome(path: string): string {
  return posix.relative(BUILD.home, path)
}

/** Variable with the source's folder, for addresses in LIST: pip and uv put it in there. */
export const SOURCE_VARIABLE = 'PACKLINE_SOURCE'

/** What install.py does, as data. */
export interface InstallJob {
  /** Commands that install, the strictest first; the next is tried where one lacks wheels. */
  attempts: readonly (readonly string[])[]
  /** Whether a wheel is built of what has none, which runs that package's code. */
  builds: boolean
  /** Every line of the list has to have a hash. */
  hashed: boolean
  /** "3.10". */
  python: string
  architecture: string
  /** Minors of glibc 2, one for each attempt. */
  glibc: readonly number[]
  /** What a wheel is built by; `same`: the function's own version. */
  builder: { path: string; version: string; same: boolean }
  /** Where uv lies; null: pip does all. */
  uv: string | null
}
