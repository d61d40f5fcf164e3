import type { Words } from '@packline/shared'
import { failed } from '@packline/shared'
import { nearest } from '../../nearest.ts'
import { goMainFailures, NO_EXPORTED, SYMBOL_HINTS } from '../../texts/failures/go-main.ts'
import { listed } from '../../words.ts'
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
  const found = exported.length === 0 ? NO_EXPORTED : listed(exported.map(place), SHOWN_MAX)
  const files = main.files.map(({ path }) => path).join(', ')
  const hint = hintFor(symbol, declared)
  throw failed('ENTRY_MISSING', goMainFailures.noSymbol(symbol, files, found, hint))
}

/** What has the name and is no symbol is told before what is spelt nearly so. */
function hintFor(symbol: string, declared: readonly Placed[]): Words {
  const same = declared.find(({ name }) => name === symbol)
  if (same?.kind === 'method') return SYMBOL_HINTS.method(place(same), same.receiver, symbol)
  if (same) return SYMBOL_HINTS.otherKind(place(same), same.kind, symbol)
  const symbols = declared.filter(isSymbol)
  const name = nearest(
    symbol,
    symbols.map((one) => one.name),
  )
  const near = symbols.find((one) => one.name === name)
  if (!near) return SYMBOL_HINTS.add(symbol)
  return isExported(near) ? SYMBOL_HINTS.near(place(near)) : SYMBOL_HINTS.notExported(place(near))
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
