/** Whether the first of two Go versions is newer; parts that are missing count as 0. */
export function isNewer(one: string, other: string): boolean {
  const numbers = (version: string) => version.split(/[.a-z]+/).map(Number)
  const [a, b] = [numbers(one), numbers(other)]
  const at = [0, 1, 2].find((index) => (a[index] ?? 0) !== (b[index] ?? 0))
  return at !== undefined && (a[at] ?? 0) > (b[at] ?? 0)
}

/** The name of a release's tool chain: since Go 1.21 the first of a line is 1.N.0. */
export function toolchainOf(version: string): string {
  return /^\d+\.\d+$/.test(version) ? `go${version}.0` : `go${version}`
}
