import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'

/** Settings files are small; what is larger is none. */
const BYTES_MAX = 1024 * 1024

/** Sections that are read; a file without sections is one section without a name. */
interface Form {
  sections?: readonly string[]
}

/**
 * The `name = value` lines of the files that are there; the first file that names one wins, and in
 * a file the last line, as the tools have it. Indented lines go on with the value before, with a
 * space between. A missing or unreadable file says nothing.
 */
export async function readSettings(
  files: readonly (string | undefined)[],
  form: Form = {},
): Promise<Record<string, string>> {
  const texts = await Promise.all(files.map((file) => readText(file)))
  return Object.fromEntries(texts.toReversed().flatMap((text) => pairsOf(text, form)))
}

/** The absolute path of the first file that can be read and holds the text. */
export async function firstHolding(
  text: string,
  files: readonly (string | undefined)[],
): Promise<string | undefined> {
  for (const file of files) {
    if (file && (await readText(file)).includes(text)) return path.resolve(file)
  }
  return undefined
}

async function readText(file: string | undefined): Promise<string> {
  if (!file) return ''
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile() || found.size > BYTES_MAX) return ''
  return readFile(file, 'utf8').catch(() => '')
}

function pairsOf(text: string, { sections }: Form): [string, string][] {
  const pairs: [string, string][] = []
  let section = ''
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue
    const heading = /^\[(.+)\]\s*$/.exec(line)?.[1]
    if (heading !== undefined) section = heading
    if (heading !== undefined || (sections && !sections.includes(section))) continue
    const last = pairs.at(-1)
    const pair = /^\s*([^\s=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line)
    if (sections && last && /^\s/.test(line)) last[1] = `${last[1]} ${line.trim()}`.trim()
    else if (pair) pairs.push([pair[1] ?? '', unquoted(pair[2] ?? '')])
  }
  return pairs
}

function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value
}
