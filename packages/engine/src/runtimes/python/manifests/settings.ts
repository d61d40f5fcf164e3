import { pythonManifestFailures } from '../../../texts/failures/python-manifests.ts'
import { invalid } from './invalid.ts'

const SHORT: Readonly<Record<string, string>> = { '-i': '--index-url', '-f': '--find-links' }
const KEPT = ['--index-url', '--extra-index-url', '--find-links', '--trusted-host']
const KEPT_PLAIN = ['--no-index', '--pre']
/** How is not the file's to say: wheels first, always, and with hashes where a line has one. */
const OVERRULED = ['--no-binary', '--only-binary', '--use-feature']
const OVERRULED_PLAIN = ['--prefer-binary', '--require-hashes', '--no-require-hashes', '--no-deps']

const VALUED = new Set([...KEPT, ...OVERRULED])
const PLAIN = new Set([...KEPT_PLAIN, ...OVERRULED_PLAIN])
const IGNORED = new Set([...OVERRULED, ...OVERRULED_PLAIN])

/** A long name is apart from its value, or has "="; a short one may stand close to it. */
const WORD = /^(?:(?<short>-[if])(?<close>.+)|(?<long>--[^=]+)=(?<value>.*))$/

/**
 * The settings of one line of a requirements file, each as a line of its own. Only whole names that
 * are known go on: pip also takes beginnings of names, and what stands behind another setting, such
 * as "-e", would be an installer's to read and not ours. MANIFEST_INVALID for all others.
 */
export function settingsOf(text: string, place: { file: string; line: number }): string[] {
  const words = text.split(/\s+/)
  const found: string[] = []
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const { short, close, long, value: behind } = WORD.exec(word)?.groups ?? {}
    const written = short ?? long ?? word
    const name = SHORT[written] ?? written
    const attached = close ?? behind
    const isPlain = PLAIN.has(name) && attached === undefined
    if (!isPlain && !VALUED.has(name)) throw refused(word, place)
    const value = isPlain ? undefined : bare(attached ?? words.shift() ?? '')
    if (value !== undefined && !/^[^-"']/.test(value)) throw refused(word, place)
    if (!IGNORED.has(name)) found.push(value === undefined ? name : `${name} ${value}`)
  }
  return found
}

function bare(value: string): string {
  return /^(["'])([^"']*)\1$/.exec(value)?.[2] ?? value
}

function refused(word: string, place: { file: string; line: number }) {
  return invalid(place, pythonManifestFailures.noSetting(word, [...KEPT, ...KEPT_PLAIN]))
}
