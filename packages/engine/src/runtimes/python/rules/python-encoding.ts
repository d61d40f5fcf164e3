import { parser } from '@lezer/python'
import type { Finding } from '@packline/shared'
import { finding } from '../../../finding.ts'
import { pythonEncodingTexts } from '../../../texts/python-encoding.ts'
import { lineAt } from './python-imports.ts'
import type { PythonSource } from './python-source.ts'

/**
 * Rule python-encoding: a file that Python refuses is an error; text beyond ASCII that may be
 * printed or returned, without the line that names the encoding, a note.
 */
export function checkEncoding(source: PythonSource): Finding[] {
  const { path, refused, coding, text } = source
  if (refused) {
    const said = pythonEncodingTexts.refused(path, refused.why)
    return [finding('python-encoding', 'error', said, { path, line: refused.line })]
  }
  const line = coding === undefined ? firstSaid(text) : undefined
  if (line === undefined) return []
  return [finding('python-encoding', 'note', pythonEncodingTexts.unnamed(path), { path, line })]
}

/** The line of the first text beyond ASCII that is no comment and no docstring. */
function firstSaid(text: string): number | undefined {
  if (!BEYOND_ASCII.test(text)) return undefined
  let found: number | undefined
  parser.parse(text).iterate({
    enter: ({ name, from, to, node }) => {
      if (found !== undefined) return false
      if (name !== 'String' && name !== 'FormatString') return true
      const at = text.slice(from, to).search(BEYOND_ASCII)
      const isDocstring = at >= 0 && node.parent?.name === 'ExpressionStatement'
      if (at >= 0 && !isDocstring) found = lineAt(text, from + at)
      return false
    },
  })
  return found
}

const BEYOND_ASCII = /[^\0-\x7f]/
