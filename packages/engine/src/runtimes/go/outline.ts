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
const NAMES = String.raw`(${NAME}(?:[ \t]*,[ \t]*${NAME})*)`
const FUNCTION = new RegExp(String.raw`^[ \t]*func[ \t]+(${NAME})[ \t]*\(`, 'u')
const VARIABLES = new RegExp(String.raw`^[ \t]*var[ \t]+${NAMES}`, 'u')
const IN_BLOCK = new RegExp(String.raw`^[ \t]*${NAMES}`, 'u')
const PACKAGE = new RegExp(String.raw`^[ \t]*package[ \t]+(${NAME})`, 'mu')
const IMPORT = /^[ \t]*import[ \t]+(?:[\p{L}\p{N}_.]+[ \t]+)?"([^"]+)"/u
const BLOCK = /^[ \t]*(import|var)[ \t]*\((.*)$/

/** Reads a file's top level; what stands in comments, raw strings and bodies does not count. */
export function outlineOf(source: string): Outline {
  const text = topLevel(source)
  const outline: Outline = {
    package: PACKAGE.exec(text)?.[1],
    ignored: /^\/\/go:build[ \t]+ignore[ \t]*$/m.test(source),
    imports: [],
    declarations: [],
  }
  let block: string | undefined
  // Line by line, so that no text takes longer than its length.
  text.split('\n').forEach((line, index) => {
    const [, opened, rest] = block === undefined ? (BLOCK.exec(line) ?? []) : []
    block = opened ?? block
    read(rest ?? line, index + 1, block, outline)
    if (block !== undefined && /^[ \t]*\)/.test(rest ?? line)) block = undefined
  })
  return outline
}

function read(line: string, number: number, block: string | undefined, outline: Outline): void {
  if (block === 'import') {
    for (const [, path = ''] of line.matchAll(/"([^"]+)"/g)) outline.imports.push(path)
    return
  }
  const path = block === undefined ? IMPORT.exec(line)?.[1] : undefined
  if (path !== undefined) outline.imports.push(path)
  const outside = () => FUNCTION.exec(line) ?? VARIABLES.exec(line)
  const names = (block === 'var' ? IN_BLOCK.exec(line) : outside())?.[1]
  for (const name of names?.split(',') ?? []) {
    outline.declarations.push({ name: name.trim(), line: number })
  }
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
