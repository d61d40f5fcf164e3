import { satisfies } from '@renovatebot/pep440'

/**
 * Poetry's constraint as specifiers of PEP 440, one for each of its alternatives ("||"): ^1.2
 * becomes >=1.2,<2. A text that is neither stays as it is.
 */
export function specifiersOf(constraint: string): string[] {
  const close = constraint.replaceAll(/([<>=!~^])\s+/g, '$1')
  return close.split(/\s*\|\|?\s*/).map((one) =>
    one
      .trim()
      .split(/\s*,\s*|\s+(?=[<>=!~^\d])/)
      .flatMap((part) => specifierOf(part.trim()))
      .join(','),
  )
}

/** Whether a version is one of those that the constraint allows. */
export function allows(specifiers: readonly string[], version: string): boolean {
  return specifiers.some(
    (specifier) => specifier === '' || satisfies(version, specifier, { prereleases: true }),
  )
}

function specifierOf(part: string): string[] {
  if (part === '' || part === '*') return []
  const [, sign = '', rest = ''] = /^(\^|~(?!=))?\s*(.+)$/.exec(part) ?? []
  if (sign === '^') return [`>=${rest}`, `<${next(rest, firstOther(rest))}`]
  if (sign === '~') return [`>=${rest}`, `<${next(rest, rest.includes('.') ? 1 : 0)}`]
  return [/^[<>=!~]/.test(rest) ? rest : `==${rest}`]
}

/** ^ holds the first number that is not zero: ^0.2.3 is below 0.3, ^1.2 below 2. */
function firstOther(version: string): number {
  const numbers = version.split('.').map(Number)
  const found = numbers.findIndex((one) => one !== 0)
  return found < 0 ? numbers.length - 1 : found
}

function next(version: string, place: number): string {
  const numbers = version.split('.').map((one) => Number.parseInt(one, 10) || 0)
  const kept = numbers.slice(0, place + 1)
  return kept.map((one, at) => (at === place ? one + 1 : one)).join('.')
}
