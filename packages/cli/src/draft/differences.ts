import { FOLDER, type Tags } from './tags.ts'

/** Paths that are not the same here and in the draft, by who has changed them. */
export interface Differences {
  here: string[]
  there: string[]
  both: string[]
}

/** What was found here. A folder is something by itself only where a side says so. */
export function tagsHere(
  found: ReadonlyMap<string, { tag: string }>,
  sides: readonly Tags[],
): Map<string, string> {
  const tags = [...found].map(([path, { tag }]) => [path, tag] as const)
  return new Map(
    tags.filter(([path, tag]) => tag !== FOLDER || sides.some((side) => side.get(path) === FOLDER)),
  )
}

/** `base` is how both were when the draft was pulled; without it nobody knows who was last. */
export function differencesOf(base: Tags, here: Tags, there: Tags): Differences {
  const found: Differences = { here: [], there: [], both: [] }
  const paths = new Set([...base.keys(), ...here.keys(), ...there.keys()])
  for (const path of [...paths].toSorted()) {
    const [was, mine, theirs] = [base.get(path), here.get(path), there.get(path)]
    if (mine === theirs) continue
    if (theirs === was) found.here.push(path)
    else if (mine === was) found.there.push(path)
    else found.both.push(path)
  }
  return found
}
