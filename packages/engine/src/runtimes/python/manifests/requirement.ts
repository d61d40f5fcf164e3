import { validRange } from '@renovatebot/pep440'
import { isMarker } from './marker.ts'

/** One requirement of PEP 508, taken apart. */
export interface Requirement {
  /** As PEP 503 compares names: lower case, with single hyphens. */
  name: string
  extras: readonly string[]
  /** Such as ">=2,<3"; empty: any version. */
  specifier: string
  /** Where it comes from, after "@", instead of a version. */
  url?: string
  /** What stands behind ";": when it is asked for. */
  marker?: string
}

/** A requirement with the place that asks for it, so that a mistake is told where it was made. */
export interface Asked extends Requirement {
  file: string
  /** 1-based. */
  line: number
}

const NAME = `[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?`
const REQUIREMENT = new RegExp(
  String.raw`^\s*(${NAME})\s*(?:\[([^\]]*)\])?\s*(?:@\s*(\S+)|\(?([^;()@]*)\)?)\s*(?:;\s*(.+?)\s*)?$`,
)

/** Undefined where the text is no requirement. */
export function parseRequirement(text: string): Requirement | undefined {
  const match = REQUIREMENT.exec(text)
  if (!match) return undefined
  const [, name = '', extras = '', url, versions = '', marker] = match
  const specifier = versions.replaceAll(/\s+/g, '').replace(/,$/, '')
  if (specifier !== '' && !isSpecifier(specifier)) return undefined
  if (marker !== undefined && !isMarker(marker)) return undefined
  return {
    name: normalName(name),
    extras: extras.split(',').flatMap((extra) => (extra.trim() ? [normalName(extra)] : [])),
    specifier,
    url,
    marker,
  }
}

/** PEP 503: how names are compared. */
export function normalName(name: string): string {
  return name
    .trim()
    .replaceAll(/[-_.]+/g, '-')
    .toLowerCase()
}

/** The requirement as a line of a requirements file, without its marker. */
export function requirementLine({ name, extras, specifier, url }: Requirement): string {
  const what = extras.length > 0 ? `${name}[${extras.join(',')}]` : name
  return url === undefined ? `${what}${specifier}` : `${what} @ ${url}`
}

/** Arbitrary equality (===) takes any text. */
function isSpecifier(text: string): boolean {
  return text.split(',').every((part) => part.startsWith('===') || validRange(part))
}
