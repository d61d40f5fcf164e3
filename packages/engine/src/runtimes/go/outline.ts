/** A name at the top level of a file; `line` is 1-based. */
export interface Declaration {
  name: string
  line: number
  /** What plugin.Lookup finds, and what only looks like it. */
  kind: 'function' | 'variable' | 'method' | 'type' | 'constant'
  /** A method's type. */
  receiver?: string
}

/** What a Go source file says of itself, without a compiler. */
export interface Outline {
  package: string | undefined
  /** The expression of its build constraint, such as "linux && !cgo". */
  constraint: string | undefined
  imports: string[]
  declarations: Declaration[]
}

/** Reads a file's top level; what stands in comments, strings and bodies does not count. */
export function outlineOf(source: string): Outline {
  const outline: Outline = {
    package: undefined,
    constraint: /^\/\/go:build[ \t]+(.+?)[ \t\r]*$/m.exec(beforePackage(source))?.[1],
    imports: [],
    declarations: [],
  }
  for (const [keyword, ...rest] of statementsOf(surfaceOf(source))) {
    if (keyword) read(keyword, rest, outline)
  }
  return outline
}

/** A constraint stands above the package clause; below it such a line is a comment. */
function beforePackage(source: string): string {
  const clause = /^[ \t]*package\b/m.exec(source)
  return source.slice(0, clause?.index ?? 0)
}

function read(keyword: Token, rest: Token[], outline: Outline): void {
  const [first, second] = rest
  if (keyword.text === 'package') outline.package ??= first?.text
  if (keyword.text === 'import') {
    for (const { text } of rest) if (/^["`]./.test(text)) outline.imports.push(text.slice(1, -1))
  }
  if (keyword.text === 'func' && first) {
    const name = first.text === '(' ? methodOf(rest) : plainFunction(first, second)
    if (name) outline.declarations.push(name)
  }
  const kind = GROUPED.get(keyword.text)
  if (kind === undefined) return
  const specifications = first?.text === '(' ? statementsOf(rest.slice(1)) : [rest]
  for (const tokens of specifications) {
    const names = namesOf(kind === 'type' ? tokens.slice(0, 1) : tokens)
    for (const { text, line } of names) outline.declarations.push({ name: text, line, kind })
  }
}

/** What may be declared one by one or several in parentheses. */
const GROUPED = new Map([
  ['var', 'variable'],
  ['const', 'constant'],
  ['type', 'type'],
] as const) as ReadonlyMap<string, Declaration['kind']>

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u

/** One with type parameters has no symbol until it is used. */
function plainFunction({ text, line }: Token, next: Token | undefined): Declaration | undefined {
  const isPlain = NAME.test(text) && next?.text === '('
  return isPlain ? { name: text, line, kind: 'function' } : undefined
}

/** `(h *Thing[T]) Name(`: its type is the last name in the parentheses, as brackets are deeper. */
function methodOf(tokens: readonly Token[]): Declaration | undefined {
  const end = tokens.findIndex(({ text }) => text === ')')
  const receiver = tokens.slice(0, end).findLast(({ text }) => NAME.test(text))
  const name = tokens[end + 1]
  if (!name || !NAME.test(name.text)) return undefined
  return { name: name.text, line: name.line, kind: 'method', receiver: receiver?.text }
}

/** `A, B = 1, 2`: the names before anything else. */
function namesOf(tokens: readonly Token[]): Token[] {
  const end = tokens.findIndex(({ text }, at) => (at % 2 === 0 ? !NAME.test(text) : text !== ','))
  const list = end < 0 ? tokens : tokens.slice(0, end)
  return list.filter(({ text }) => NAME.test(text))
}

interface Token {
  text: string
  line: number
  /** It begins a statement, at whatever depth. */
  starts: boolean
  /** How many parentheses it stands in. */
  depth: number
}

/** Statements of the depth that the tokens begin with, each with what is deeper in it. */
function statementsOf(tokens: readonly Token[]): Token[][] {
  const depth = tokens[0]?.depth ?? 0
  const statements: Token[][] = []
  for (const token of tokens) {
    if (token.depth < depth) break
    if (token.starts && token.depth === depth) statements.push([])
    statements.at(-1)?.push(token)
  }
  return statements
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|`[^`]*(?:`|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|[\p{L}_][\p{L}\p{N}_]*|\p{N}[\p{L}\p{N}_.]*|\n|[^\s]/gu
/** After these a line's end ends a statement, but for keywords, none of which ends a line here. */
const ENDS = /^[\p{L}\p{N}_)\]}"'`]/u

/**
 * Tokens that stand in nothing, or in one pair of parentheses: the others are bodies, literals and
 * types.
 */
function surfaceOf(source: string): Token[] {
  const tokens: Token[] = []
  const open: string[] = []
  let line = 1
  let starts = true
  let last = ''
  for (const [text] of source.matchAll(TOKEN)) {
    const isComment = text.startsWith('//') || text.startsWith('/*')
    const isBreak = text === '\n' || (isComment && text.includes('\n'))
    if (isBreak || text === ';') starts ||= text === ';' || ENDS.test(last)
    if (CLOSES.has(text)) open.pop()
    if (!isComment && text !== '\n' && text !== ';') {
      if (open.length === 0 || (open.length === 1 && open[0] === '(')) {
        tokens.push({ text, line, starts, depth: open.length })
      }
      starts = text === '('
      last = text
    }
    if (OPENS.has(text)) open.push(text)
    line += isComment || text.startsWith('`') ? text.split('\n').length - 1 : Number(text === '\n')
  }
  return tokens
}

const OPENS = new Set(['(', '[', '{'])
const CLOSES = new Set([')', ']', '}'])
