/** A top-level function or variable; `line` is 1-based. */
export interface Declaration {
  name: string
  line: number
}

/** What a Go source file says of itself, without a compiler. */
export interface Outline {
  package: string | undefined
  /** The build constraint that keeps a file out of every build. */
  ignored: boolean
  imports: string[]
  /** Functions and variables: what plugin.Lookup could find, and what is spelt nearly so. */
  declarations: Declaration[]
}

const NAME = String.raw`[\p{L}_][\p{L}\p{N}_]*`
const FUNCTION = new RegExp(String.raw`^[ \t]*func[ \t]+(${NAME})[ \t]*\(`, 'gmu')
const VARIABLES = new RegExp(String.raw`^[ \t]*var[ \t]+(${NAME}(?:[ \t]*,[ \t]*${NAME})*)`, 'gmu')
const VARIABLE_BLOCK = /^[ \t]*var[ \t]*\(([\s\S]*?)^[ \t]*\)/gm
const BLOCK_NAMES = new RegExp(String.raw`^[ \t]*(${NAME}(?:[ \t]*,[ \t]*${NAME})*)`, 'gmu')
const PACKAGE = new RegExp(String.raw`^[ \t]*package[ \t]+(${NAME})`, 'mu')
const IMPORT = /^[ \t]*import[ \t]+(?:[\p{L}\p{N}_.]+[ \t]+)?"([^"\n]+)"/gmu
const IMPORT_BLOCK = /^[ \t]*import[ \t]*\(([\s\S]*?)\)/gm

/** Reads a file's top level; what stands in comments, raw strings and bodies does not count. */
export function outlineOf(source: string): Outline {
  const text = topLevel(source)
  const blocks = [...text.matchAll(IMPORT_BLOCK)].map(([, block = '']) => block)
  return {
    package: PACKAGE.exec(text)?.[1],
    ignored: /^\/\/go:build[ \t]+ignore[ \t]*$/m.test(source),
    imports: [
      ...[...text.matchAll(IMPORT)].map(([, path = '']) => path),
      ...blocks.flatMap((block) =>
        [...block.matchAll(/"([^"\n]+)"/g)].map(([, path = '']) => path),
      ),
    ],
    declarations: declarationsOf(text),
  }
}

function declarationsOf(text: string): Declaration[] {
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length
  const named = (names: string, offset: number) =>
    names.split(',').map((name) => ({ name: name.trim(), line: lineAt(offset) }))
  const start = (match: RegExpExecArray) => match.index + match[0].search(/\S/)
  const single = [...text.matchAll(FUNCTION), ...text.matchAll(VARIABLES)]
  const blocks = [...text.matchAll(VARIABLE_BLOCK)].flatMap((block) => {
    const [whole, body = ''] = block
    const bodyAt = block.index + whole.indexOf(body, whole.indexOf('('))
    return [...body.matchAll(BLOCK_NAMES)].flatMap((match) =>
      named(match[1] ?? '', bodyAt + start(match)),
    )
  })
  return [...single.flatMap((match) => named(match[1] ?? '', start(match))), ...blocks].sort(
    (a, b) => a.line - b.line,
  )
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|`[^`]*(?:`|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|[{}]/g

/**
 * The text with comments, raw strings and everything in braces blanked; lines stay where they are.
 */
function topLevel(source: string): string {
  let text = ''
  let depth = 0
  let last = 0
  const take = (part: string, keep: boolean) => {
    text += keep && depth === 0 ? part : part.replace(/[^\n]/g, ' ')
  }
  for (const match of source.matchAll(TOKEN)) {
    const [token] = match
    take(source.slice(last, match.index), true)
    last = match.index + token.length
    if (token === '}') depth = Math.max(0, depth - 1)
    take(token, token.startsWith('"'))
    if (token === '{') depth += 1
  }
  take(source.slice(last), true)
  return text
}
