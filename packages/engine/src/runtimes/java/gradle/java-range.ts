/** From which Gradle on each Java can run it (Gradle's user guide, "Compatibility"). */
const RUNS_SINCE: readonly (readonly [java: number, major: number, minor: number])[] = [
  [8, 2, 0],
  [9, 4, 3],
  [10, 4, 7],
  [11, 5, 0],
  [12, 5, 4],
  [13, 6, 0],
  [14, 6, 3],
  [15, 6, 7],
  [16, 7, 0],
  [17, 7, 3],
  [18, 7, 5],
  [19, 7, 6],
  [20, 8, 3],
  [21, 8, 5],
  [22, 8, 8],
  [23, 8, 10],
  [24, 8, 14],
  [25, 9, 1],
  [26, 9, 4],
]
const OLDEST = 8
/** Gradle 9 is written for Java 17. */
const OLDEST_OF_9 = 17
/** Linux distributions patch an old Gradle until it runs on their own JDK: Debian 12's is 17. */
const PATCHED_NEWEST = 17

/** The releases of Java that a Gradle runs on; `isPatched`: not as its makers have published it. */
export function javaRangeOf(
  version: string,
  isPatched: boolean,
): { oldest: number; newest: number } {
  const [major = 0, minor = 0] = version.split(/[^0-9]+/).map(Number)
  const runs = RUNS_SINCE.filter(([, since, minorSince]) => {
    return major > since || (major === since && minor >= minorSince)
  })
  const newest = runs.at(-1)?.[0] ?? OLDEST
  return {
    oldest: major >= 9 ? OLDEST_OF_9 : OLDEST,
    newest: isPatched ? Math.max(newest, PATCHED_NEWEST) : newest,
  }
}
