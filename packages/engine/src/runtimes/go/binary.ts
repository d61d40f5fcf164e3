import type { FileHandle } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { type Elf, readElf } from '../../elf.ts'
import { openBinary, readAt, textAt } from '../../elf-file.ts'
import { type ElfSection, readSection, readSections } from './elf-sections.ts'

/** What a binary tells about how Go made it; the maps are empty where it tells nothing. */
export interface GoBinary {
  elf: Elf
  /** Such as "1.26.8"; undefined where Go did not link it, or a Go before 1.18. */
  goVersion: string | undefined
  /** Import path of the main package. */
  path: string | undefined
  /** Module path -> version of what was compiled in. */
  modules: ReadonlyMap<string, string>
  /** "path@version" -> go.sum's hash of its files and their names, such as "h1:…=". */
  sums: ReadonlyMap<string, string>
  /** Such as "-buildmode" -> "plugin". */
  settings: ReadonlyMap<string, string>
  /** Names that plugin.Lookup may find, sorted. */
  symbols: readonly string[]
}

const BUILD_INFO_BYTES_MAX = 4 * 1024 * 1024
/** Symbols of the largest plugins (100 MB of code) take some 20 MB. */
const SYMBOLS_BYTES_MAX = 64 * 1024 * 1024
const SYMBOL_BYTES = 24
/** Symbols looked at before others get their turn on the event loop: some 10 ms. */
const SYMBOLS_AT_ONCE = 20_000

/** Reads a file's Go build information and dynamic symbols; undefined when it is no ELF file. */
export async function readGoBinary(path: string): Promise<GoBinary | undefined> {
  const file = await openBinary(path)
  try {
    const elf = readElf(await readAt(file, 0, 64))
    if (!elf) return undefined
    const sections = await readSections(file)
    const info = await readSection(file, sections, '.go.buildinfo', BUILD_INFO_BYTES_MAX)
    const built = parseBuildInfo(info ?? Buffer.alloc(0))
    return { elf, ...built, symbols: await readSymbols(file, sections, built.path) }
  } finally {
    await file.close()
  }
}

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1')
const INLINE_STRINGS = 2
/** Nothing else passes: it becomes part of a path and of the go command's settings. */
const VERSION = /^go(\d+\.\d+(?:\.\d+)?(?:(?:rc|beta)\d+)?)(?:[\s-]|$)/
/** The module information stands between two marks of 16 bytes. */
const MARK_BYTES = 16

/** debug/buildinfo's format since Go 1.18: two strings, each after its length, from byte 32 on. */
function parseBuildInfo(info: Buffer): Omit<GoBinary, 'elf' | 'symbols'> {
  const none = { modules: new Map(), sums: new Map(), settings: new Map() }
  const nothing = { goVersion: undefined, path: undefined, ...none }
  const isInline = info.length > 32 && ((info[15] ?? 0) & INLINE_STRINGS) !== 0
  if (!isInline || !info.subarray(0, MAGIC.length).equals(MAGIC)) return nothing
  const version = stringAt(info, 32)
  const text = stringAt(info, version.end).text
  const lines = text.subarray(MARK_BYTES, -MARK_BYTES).toString('utf8').split('\n')
  const words = lines.map((line) => line.split('\t'))
  const settings = words.filter(([kind]) => kind === 'build').map(([, pair = '']) => pair)
  return {
    goVersion: VERSION.exec(version.text.toString('utf8'))?.[1],
    path: words.find(([kind]) => kind === 'path')?.[1],
    modules: modulesOf(words),
    sums: sumsOf(words),
    settings: new Map(settings.map((pair) => [pair.split('=', 1)[0] ?? '', settingOf(pair)])),
  }
}

function settingOf(pair: string): string {
  return pair.includes('=') ? pair.slice(pair.indexOf('=') + 1) : ''
}

/** A line "=>" after a module says what it was replaced by: that is what was compiled. */
function modulesOf(words: readonly string[][]): Map<string, string> {
  const modules = new Map<string, string>()
  words.forEach(([kind, path = '', version = ''], index) => {
    if (kind !== 'dep') return
    const next = words[index + 1]
    modules.set(path, next?.[0] === '=>' ? `${next[1]} ${next[2] ?? ''}`.trim() : version)
  })
  return modules
}

function sumsOf(words: readonly string[][]): Map<string, string> {
  const summed = words.filter(([kind, , , sum]) => (kind === 'dep' || kind === '=>') && sum)
  return new Map(summed.map(([, path, version, sum = '']) => [`${path}@${version}`, sum]))
}

/** A length as base-128 number, low part first, then so many bytes. */
function stringAt(info: Buffer, start: number): { text: Buffer; end: number } {
  let length = 0
  let at = start
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = info[at] ?? 0
    length += (byte & 0x7f) * 2 ** shift
    at += 1
    if (byte < 0x80) break
  }
  return { text: info.subarray(at, at + length), end: at + length }
}

/** The exported names of the main package, from the table that the dynamic loader uses. */
async function readSymbols(
  file: FileHandle,
  sections: readonly ElfSection[],
  main: string | undefined,
): Promise<string[]> {
  const table = await readSection(file, sections, '.dynsym', SYMBOLS_BYTES_MAX)
  const names = await readSection(file, sections, '.dynstr', SYMBOLS_BYTES_MAX)
  const found = new Set<string>()
  if (!table || !names) return []
  for (let at = 0; at + SYMBOL_BYTES <= table.length; at += SYMBOL_BYTES) {
    if (at % (SYMBOLS_AT_ONCE * SYMBOL_BYTES) === 0) await setImmediate()
    // Section 0: a symbol that others define.
    if (table.readUInt16LE(at + 6) === 0) continue
    const name = exportedName(textAt(names, table.readUInt32LE(at)), main)
    if (name !== undefined) found.add(name)
  }
  return [...found].sort()
}

const SYMBOL = /^(.+)\.(\p{Lu}[\p{L}\p{N}_]*)$/u

/** Of `example.com/hello.Handler` the last part, when the package is the plugin's own. */
function exportedName(symbol: string, main: string | undefined): string | undefined {
  const [, path = '', name] = SYMBOL.exec(symbol) ?? []
  // Compiled from a list of files, as the platform's guide does, a plugin has no path of its own.
  const isOwn = unescaped(path) === main || path.startsWith('plugin/unnamed-')
  return isOwn ? name : undefined
}

/** The linker writes some characters of a package's path as %xx, such as dots in its last part. */
function unescaped(path: string): string {
  return path.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}
