import type { SyntaxNode } from '@lezer/common'
import { parser } from '@lezer/python'

/** One module that a file imports. */
export interface Import {
  /** Dotted; empty for "from . import name". */
  module: string
  /** Leading dots: 0 for an absolute import. */
  level: number
  /** What is taken out of it, which may be modules as well; empty for "import module". */
  names: readonly string[]
  /** 1-based. */
  line: number
}

/**
 * What a file imports where it has to be there: imports that an `except ImportError`, a test of the
 * version or the platform, or TYPE_CHECKING guards are left out. Reads Python 2 and 3; what can not
 * be parsed is stepped over, as the load check tells it better.
 */
export function importsOf(text: string): Import[] {
  const found: Import[] = []
  // Not by recursion: how deep a hostile text nests has no bound.
  const open = [{ node: parser.parse(text).topNode, isGuarded: false }]
  for (let at = open.pop(); at; at = open.pop()) {
    const { node, isGuarded } = at
    if (node.name === 'ImportStatement') {
      const statement = text.slice(node.from, node.to)
      if (!isGuarded) found.push(...statementImports(statement, lineAt(text, node.from)))
      continue
    }
    if (!HOLDS_STATEMENTS.test(node.name)) continue
    const guards = guardedBodies(node, text)
    for (let child = node.lastChild; child; child = child.prevSibling) {
      open.push({ node: child, isGuarded: isGuarded || guards.has(child.from) })
    }
  }
  return found
}

/** What does not parse may hold statements as well. */
const HOLDS_STATEMENTS =
  /^(?:Script|Body|StatementGroup|(?:If|Try|With|While|For|Match|Decorated)Statement|(?:Function|Class)Definition|Match(?:Body|Clause)|⚠)$/

/** 1-based. */
export function lineAt(text: string, at: number): number {
  let line = 1
  for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', end + 1)) line++
  return line
}

const NONE: ReadonlySet<number> = new Set()

/** Where the bodies start in which an import may fail, or is not run on the platform at all. */
function guardedBodies(node: SyntaxNode, text: string): ReadonlySet<number> {
  if (node.name === 'TryStatement') return tryBodies(node, text)
  if (node.name === 'IfStatement') return ifBodies(node, text)
  if (node.name === 'WithStatement' && SUPPRESSED.test(headOf(node, text))) {
    return new Set(bodiesOf(node).map(({ from }) => from))
  }
  return NONE
}

const CAUGHT = /^\s*$|\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b/
const SUPPRESSED = /\bsuppress\s*\([^)]*\b(?:ImportError|ModuleNotFoundError|Exception)\b/
/** Tests of what runs: either branch may be the one for another machine. */
const OF_MACHINE = /\bversion_info\b|\bhexversion\b|\bPY[23]\b|\bplatform\b|\bos\.name\b|find_spec/
/** Never true on the platform. */
const NEVER = /\bTYPE_CHECKING\b|__name__\s*==/

/** Where what a failed import throws is caught, both the attempt and its replacement may fail. */
function tryBodies(node: SyntaxNode, text: string): ReadonlySet<number> {
  const parts = partsOf(node)
  const catches = parts.some(({ word, head }) => word === 'except' && CAUGHT.test(head(text)))
  if (!catches) return NONE
  const guarded = parts.filter(({ word }) => word === 'try' || word === 'except')
  return new Set(guarded.map(({ body }) => body.from))
}

function ifBodies(node: SyntaxNode, text: string): ReadonlySet<number> {
  const guarded = new Set<number>()
  let isOfMachine = false
  let isNegated = false
  for (const { word, head, body } of partsOf(node)) {
    const condition = head(text)
    isOfMachine ||= OF_MACHINE.test(condition)
    const isNever =
      word === 'else' ? isNegated : NEVER.test(condition) && !/^\s*not\b/.test(condition)
    isNegated = NEVER.test(condition) && /^\s*not\b/.test(condition)
    if (isOfMachine || isNever) guarded.add(body.from)
  }
  return guarded
}

interface Part {
  /** The keyword before it: try, except, if, elif, else, finally. */
  word: string
  /** What stands between the keyword and the body. */
  head(text: string): string
  body: SyntaxNode
}

function partsOf(node: SyntaxNode): Part[] {
  const parts: Part[] = []
  let word: SyntaxNode | undefined
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name === 'Body') {
      const { name = '', to = child.from } = word ?? {}
      const body = child
      parts.push({ word: name, head: (text) => text.slice(to, body.from), body })
    } else if (/^(?:try|except|if|elif|else|finally)$/.test(child.name)) word = child
  }
  return parts
}

function bodiesOf(node: SyntaxNode): SyntaxNode[] {
  return partsOf(node).map(({ body }) => body)
}

function headOf(node: SyntaxNode, text: string): string {
  return text.slice(node.from, bodiesOf(node)[0]?.from ?? node.to)
}

/** By the statement's text, which the parser has found the ends of. */
function statementImports(statement: string, line: number): Import[] {
  const bare = statement
    .replaceAll(/#[^\n]*|\\\r?\n/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const from = /^from ?(\.[. ]*|) ?([\p{L}\p{N}_. ]*?) ?import ?\(?(.*?),? ?\)?$/u.exec(bare)
  if (from) {
    const [, dots = '', module = '', names = ''] = from
    const level = dots.replaceAll(' ', '').length
    return [{ module: module.replaceAll(' ', ''), level, names: namesIn(names), line }]
  }
  const modules = namesIn(bare.replace(/^import ?/, ''))
  return modules.map((module) => ({ module, level: 0, names: [], line }))
}

function namesIn(list: string): string[] {
  return list
    .split(',')
    .map(
      (part) =>
        part
          .trim()
          .split(/ as |\s+as$/)[0]
          ?.replaceAll(' ', '') ?? '',
    )
    .filter((name) => name !== '')
}
