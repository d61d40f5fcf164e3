import { type AnyNode, type CallExpression, type Node, type Options, parse } from 'acorn'
import { ancestor } from 'acorn-walk'

/** What a module asks for by a literal name, and where (1-based). */
export interface Import {
  name: string
  line: number
  /** How it is asked for: what a package gives may differ. */
  by: 'import' | 'require'
  /** Its failure is caught: the code goes on without it. */
  isGuarded: boolean
}

/** Without one of these words a text asks for nothing. */
const ASKS = /(?:require|import|export)\b/
/** The last is what esbuild calls it in a bundle. */
const REQUIRES: ReadonlySet<string> = new Set(['require', '__require'])

const OPTIONS: Options = {
  ecmaVersion: 'latest',
  locations: true,
  allowHashBang: true,
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
}

/** The imports of a module; undefined where it does not parse, which its load tells better. */
export function importsOf(text: string, kind: 'module' | 'script'): Import[] | undefined {
  if (!ASKS.test(text)) return []
  const program = parsed(text, kind) ?? parsed(text, kind === 'module' ? 'script' : 'module')
  if (!program) return undefined
  const found: Import[] = []
  const add = (node: Node, source: unknown, by: Import['by'], isGuarded: boolean) => {
    const name = literalOf(source as AnyNode | null | undefined)
    if (name !== undefined) found.push({ name, line: node.loc?.start.line ?? 1, by, isGuarded })
  }
  ancestor(program, {
    ImportDeclaration: (node) => add(node, node.source, 'import', false),
    ExportNamedDeclaration: (node) => add(node, node.source, 'import', false),
    ExportAllDeclaration: (node) => add(node, node.source, 'import', false),
    ImportExpression: (node, _, ancestors) =>
      add(node, node.source, 'import', isGuarded(ancestors) || isCaught(ancestors)),
    CallExpression: (node, _, ancestors) => {
      if (!isRequire(node) || isOwnRequire(ancestors)) return
      add(node, node.arguments[0], 'require', isGuarded(ancestors))
    },
  })
  return found
}

function parsed(text: string, sourceType: 'module' | 'script') {
  try {
    return parse(text, { ...OPTIONS, sourceType })
  } catch {
    return undefined
  }
}

function literalOf(node: AnyNode | null | undefined): string | undefined {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined
  if (node?.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined
  return node.quasis[0]?.value.cooked ?? undefined
}

function isRequire({ callee }: CallExpression): boolean {
  return callee.type === 'Identifier' && REQUIRES.has(callee.name)
}

/** A bundle's modules get a function of that name that looks inside the bundle. */
function isOwnRequire(ancestors: readonly AnyNode[]): boolean {
  return ancestors.some((node) => {
    if (!('params' in node)) return false
    return node.params.some((one) => one.type === 'Identifier' && REQUIRES.has(one.name))
  })
}

/** Inside `try { ... } catch`, in the same function or one within. */
function isGuarded(ancestors: readonly AnyNode[]): boolean {
  return ancestors.some(
    (node, at) => node.type === 'TryStatement' && node.handler && ancestors[at + 1] === node.block,
  )
}

/** import(...).catch(...), or .then with a second function. */
function isCaught(ancestors: readonly AnyNode[]): boolean {
  return ancestors.some((node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false
    const { property } = node.callee
    const name = property.type === 'Identifier' ? property.name : undefined
    return name === 'catch' || (name === 'then' && node.arguments.length > 1)
  })
}
