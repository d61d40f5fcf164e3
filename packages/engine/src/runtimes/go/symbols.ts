import { PacklineError } from '@packline/shared'
import { nearest } from '../../nearest.ts'
import type { MainPackage } from './main-package.ts'
import type { Declaration } from './outline.ts'

const SHOWN_MAX = 8

type Placed = Declaration & { path: string }

/**
 * A plugin's symbol must be an exported function or variable of the main package. Throws
 * ENTRY_MISSING before anything is compiled, with what is there and what is nearly it, by file and
 * line.
 */
export function checkSymbol(main: MainPackage, symbol: string): void {
  const declared = main.files.flatMap(({ path, outline }) =>
    outline.declarations.map((declaration): Placed => ({ ...declaration, path })),
  )
  const symbols = declared.filter(isSymbol)
  if (!main.isWhole || symbols.some(({ name }) => name === symbol)) return
  const exported = symbols.filter(isExported)
  const found = exported.length === 0 ? 'no exported one' : listed(exported)
  const files = main.files.map(({ path }) => path).join(', ')
  throw new PacklineError(
    'ENTRY_MISSING',
    `expected a function ${symbol} in package main (${files}); found ${found}`,
    { hint: hintFor(symbol, declared) },
  )
}

function listed(symbols: readonly Placed[]): string {
  const more = symbols.length > SHOWN_MAX ? ` and ${symbols.length - SHOWN_MAX} more` : ''
  return `${symbols.slice(0, SHOWN_MAX).map(place).join(', ')}${more}`
}

/** What has the name and is no symbol is told before what is spelt nearly so. */
function hintFor(symbol: string, declared: readonly Placed[]): string {
  const same = declared.find(({ name }) => name === symbol)
  if (same?.kind === 'method') {
    return `${place(same)} is a method of ${same.receiver}, and only functions are looked up: add \`func ${symbol}(...)\` that calls it.`
  }
  if (same) return `${place(same)} is a ${same.kind}: add \`func ${symbol}(...)\` at the top level.`
  const symbols = declared.filter(isSymbol)
  const name = nearest(
    symbol,
    symbols.map((one) => one.name),
  )
  const near = symbols.find((one) => one.name === name)
  if (!near) {
    return `Add \`func ${symbol}(...)\` at the top level, or name another symbol in the handler.`
  }
  return isExported(near)
    ? `${place(near)} is spelt nearly so: name it in the handler, or rename it.`
    : `${place(near)} is spelt differently: rename it, only upper-case names are exported.`
}

/** What plugin.Lookup finds, where its name is exported. */
function isSymbol({ kind }: Declaration): boolean {
  return kind === 'function' || kind === 'variable'
}

function isExported({ name }: Declaration): boolean {
  return /^\p{Lu}/u.test(name)
}

function place({ name, line, path }: Placed): string {
  return `${name} (${path}:${line})`
}
