import type { Python } from '../../tools/tools.ts'

/** The first of the same major and minor version: what a package is proved with. */
export function sameMinor(pythons: readonly Python[], version: string): Python | undefined {
  return pythons.find((python) => minorOf(python.version) === minorOf(version))
}

/** "3.10" of "3.10.13". */
export function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}

/** 3.7 and newer: its pip takes several --platform, and it runs our scripts. */
export function isPython3({ version }: Python): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major === 3 && minor >= 7
}
