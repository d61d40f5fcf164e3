/** Names that differ by more letters are another word, not a slip of the pen. */
const SLIPS_MAX = 2
const CANDIDATES_MAX = 20_000

/**
 * The name that was most likely meant: the same but for case, the same class in another package,
 * else at most two letters away. Undefined where there is none.
 */
export function nearest(wanted: string, names: readonly string[]): string | undefined {
  const lower = wanted.toLowerCase()
  const simple = simpleName(wanted)
  return (
    names.find((name) => name.toLowerCase() === lower) ??
    names.find((name) => simpleName(name) === simple) ??
    byDistance(wanted, names.slice(0, CANDIDATES_MAX))
  )
}

function simpleName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

function byDistance(wanted: string, names: readonly string[]): string | undefined {
  let best: { name: string; distance: number } | undefined
  for (const name of names) {
    const distance = slips(wanted, name)
    if (distance <= SLIPS_MAX && distance < (best?.distance ?? Infinity)) best = { name, distance }
  }
  return best?.name
}

/** Letters to change, add, drop or swap with the next; counting ends where it is too many. */
function slips(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > SLIPS_MAX) return Infinity
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = isSwap ? (before[j - 2] ?? 0) + 1 : Infinity
      next.push(Math.min(change, swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    if (Math.min(...next, ...row) > SLIPS_MAX) return Infinity
    before = row
    row = next
  }
  return row[b.length] ?? Infinity
}
