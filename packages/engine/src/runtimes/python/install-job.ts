import { BUILD } from '../../package.ts'

/** The requirements file that is installed. */
export const LIST = `${BUILD.home}/requirements.txt`
/** What install.py reads. */
export const JOB = `${BUILD.home}/install.json`

/** What install.py does, as data. */
export interface InstallJob {
  /** Commands that install, the strictest first; the next is tried where one lacks wheels. */
  attempts: readonly (readonly string[])[]
  list: string
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
