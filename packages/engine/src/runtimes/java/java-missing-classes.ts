import type { BuildRequest, Finding, Words } from '@packline/shared'
import { finding } from '../../finding.ts'
import { javaMissingClassesTexts, referredTo } from '../../texts/java-missing-classes.ts'
import { andMore, joined } from '../../words.ts'
import { releaseOf } from './jdk.ts'
import { formerlyOfJdk } from './jdk-packages.ts'
import type { Dangling, Walk } from './walk-classes.ts'

const NAMES_MAX = 5

/**
 * Rule java-missing-classes: one warning for what the function's own code needs, one note for what
 * libraries refer to, which is often something that they can do without.
 */
export function missingClasses({ dangling, isWhole }: Walk, request: BuildRequest): Finding[] {
  const needed = dangling.filter(({ kind }) => kind !== 'library')
  const named = new Set(needed.map(({ missing }) => missing))
  const others = dangling.filter(({ kind, missing }) => kind === 'library' && !named.has(missing))
  return [...ofFunction(needed, request), ...ofLibraries(others, isWhole)]
}

function ofFunction(needed: readonly Dangling[], request: BuildRequest): Finding[] {
  const [first] = needed
  if (!first) return []
  const release = releaseOf(request)
  const former = needed.find(({ missing }) => formerlyOfJdk(missing, release))
  const said = javaMissingClassesTexts.ofFunction(
    classesOf(needed),
    release,
    former && packageOf(former.missing),
  )
  return [finding('java-missing-classes', 'warning', said, { path: first.by.jar.path })]
}

function ofLibraries(others: readonly Dangling[], isWhole: boolean): Finding[] {
  const [first] = others
  if (!first) return []
  const said = javaMissingClassesTexts.ofLibraries(classesOf(others), isWhole)
  return [finding('java-missing-classes', 'note', said, { path: first.by.jar.path })]
}

/** Each once, with who refers to it. */
function classesOf(dangling: readonly Dangling[]): Words {
  const byName = new Map<string, Dangling>()
  for (const one of dangling) if (!byName.has(one.missing)) byName.set(one.missing, one)
  const shown = [...byName.values()].slice(0, NAMES_MAX).map(({ missing, by }) => {
    return referredTo(missing, by.name, by.jar.path)
  })
  const more = andMore(byName.size - shown.length)
  const names = joined(shown, ',')
  return { en: `${names.en}${more.en}`, zh: `${names.zh}${more.zh}` }
}

function packageOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.'))
}
