import type { BuildRequest, Finding } from '@packline/shared'
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
  const hint = former
    ? `Java ${release} has no ${packageOf(former.missing)} any more: add the library that has it now.`
    : 'Put the library that has them beside the jar, or attach a dependency package with it.'
  return [
    {
      rule: 'java-missing-classes',
      level: 'warning',
      message: `classes that the function needs are in no jar: ${listed(needed)}`,
      hint,
      path: first.by.jar.path,
    },
  ]
}

function ofLibraries(others: readonly Dangling[], isWhole: boolean): Finding[] {
  const [first] = others
  if (!first) return []
  const rest = isWhole ? '' : '; the package has more classes than are followed'
  return [
    {
      rule: 'java-missing-classes',
      level: 'note',
      message: `classes that libraries refer to are in no jar: ${listed(others)}${rest}`,
      hint: 'Libraries often do without them. Where one is needed, put its library beside the jar.',
      path: first.by.jar.path,
    },
  ]
}

/** Each once, with who refers to it. */
function listed(dangling: readonly Dangling[]): string {
  const byName = new Map<string, Dangling>()
  for (const one of dangling) if (!byName.has(one.missing)) byName.set(one.missing, one)
  const shown = [...byName.values()].slice(0, NAMES_MAX).map(({ missing, by }) => {
    const where = by.jar.path === undefined ? '' : ` in ${by.jar.path}`
    return `${missing} (by ${by.name}${where})`
  })
  const more = byName.size - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function packageOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.'))
}
