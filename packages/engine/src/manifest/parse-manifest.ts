import type { Words } from '@packline/shared'
import {
  describeIssue,
  failed,
  type Manifest,
  manifestSchema,
  PacklineError,
  parse,
  placeOf,
} from '@packline/shared'
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { manifestFailures } from '../texts/failures/manifest.ts'
import { verbatim } from '../words.ts'

const HINT: Words = {
  en: 'GET /openapi.json has the schema of a manifest.',
  zh: 'GET /openapi.json 有清单的格式。',
}

/**
 * A packline.yaml. Throws MANIFEST_INVALID with `place` (its path), the line of the first mistake,
 * what was expected there and what was found.
 */
export function parseManifest(text: string, place: string): Manifest {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [broken] = document.errors
  if (broken) {
    const { line } = lines.linePos(broken.pos[0])
    throw mistake(`${place}:${line}`, verbatim(broken.message))
  }
  const given = asPlain(document, place)
  const parsed = manifestSchema.safeParse(given)
  const [issue, ...others] = parsed.error?.issues ?? []
  if (!issue) return dropNothing(given, place)
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys] : issue.path
  const { line } = lines.linePos(offsetOf(document, path))
  const what = describeIssue(issue, given)
  const words = issue.path.length > 0 ? placed(placeOf(issue.path), what) : what
  throw mistake(`${place}:${line}`, words, { others: others.length })
}

function mistake(
  where: string,
  what: Words,
  { others, cause }: { others?: number; cause?: unknown } = {},
): PacklineError {
  const words = manifestFailures.mistake(where, what, HINT, others)
  return failed('MANIFEST_INVALID', words, { cause })
}

function placed(place: string, what: Words): Words {
  return { en: `${place}: ${what.en}`, zh: `${place}：${what.zh}` }
}

/** What a parser says is as it says it. */
function saidBy(cause: unknown): Words {
  if (!(cause instanceof Error)) return { en: 'can not be read', zh: '无法读取' }
  const zh = cause instanceof PacklineError ? cause.zh?.detail : undefined
  return { en: cause.message, zh: zh ?? cause.message }
}

/** Aliases that would fill the memory are refused by the library. */
function asPlain(document: Document, place: string): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    throw mistake(place, saidBy(cause), { cause })
  }
}

/** What the schema alone does not tell: names that JavaScript would lose. */
function dropNothing(given: unknown, place: string): Manifest {
  try {
    return parse(manifestSchema, given, place)
  } catch (cause) {
    throw mistake(place, saidBy(cause), { cause })
  }
}

/** Where the deepest part of the path that is there begins; a key rather than its value. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const part of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => isNamed(key, part)) : undefined
    if (pair) {
      offset = startOf(pair.key) ?? offset
      node = pair.value
    } else {
      const inner = document.getIn(path.slice(0, path.indexOf(part) + 1), true)
      offset = startOf(inner) ?? offset
      node = inner
    }
  }
  return offset
}

function isNamed(key: unknown, part: PropertyKey): boolean {
  return isScalar(key) ? String(key.value) === String(part) : key === part
}

function startOf(node: unknown): number | undefined {
  const range = typeof node === 'object' && node !== null ? Reflect.get(node, 'range') : undefined
  return Array.isArray(range) ? range[0] : undefined
}
