type Since = readonly (readonly [major: number, minor: number])[]

/** What newer releases do of themselves, since when, and how not to (nodejs.org/api/cli.html). */
const FEATURES: readonly (readonly [option: string, since: Since])[] = [
  [
    '--no-experimental-detect-module',
    [
      [20, 19],
      [22, 7],
    ],
  ],
  [
    '--no-experimental-require-module',
    [
      [20, 19],
      [22, 12],
    ],
  ],
  [
    '--no-experimental-strip-types',
    [
      [22, 18],
      [23, 6],
    ],
  ],
]

/**
 * Options for the Node.js that loads, so that it refuses what the platform's would: a later release
 * of the same major takes modules, and a later major TypeScript, where that one does not.
 */
export function withoutNewerFeatures(loading: string, asked: string): string[] {
  const newer = FEATURES.filter(([, since]) => has(loading, since) && !has(asked, since))
  return newer.map(([option]) => option)
}

function has(version: string, since: Since): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const last = since.at(-1)?.[0] ?? 0
  return major > last || since.some(([own, from]) => own === major && minor >= from)
}
