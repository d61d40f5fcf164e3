/** At once at one host: one that does not answer must not take every place. */
const PER_HOST_MAX = 8

/** Gives a place at a host and answers how to leave it; undefined where all are taken. */
export type EnterHost = (host: string) => (() => void) | undefined

export function makePlacesByHost(most = PER_HOST_MAX): EnterHost {
  const taken = new Map<string, number>()
  return (host) => {
    const count = taken.get(host) ?? 0
    if (count >= most) return undefined
    taken.set(host, count + 1)
    return () => {
      const left = (taken.get(host) ?? 1) - 1
      if (left > 0) taken.set(host, left)
      else taken.delete(host)
    }
  }
}
