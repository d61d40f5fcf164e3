import type { Words } from '@packline/shared'
import { REFUSED_SOURCE } from '../../../texts/python-encoding.ts'

/** A source file as Python reads it. */
export interface PythonSource {
  path: string
  /** Undecodable bytes come out as U+FFFD. */
  text: string
  /** What a coding line says, within the first two lines (PEP 263); a BOM says utf-8. */
  coding?: string
  /** Why Python refuses it, and where. */
  refused?: { line: number; why: Words }
}

/** PEP 263: a comment in one of the first two lines, the first being a comment or blank. */
const CODING = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/
const BLANK_OR_COMMENT = /^[ \t\f]*(?:#.*)?\r?$/
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** Decodes a file as Python would: 2 takes ASCII for granted, 3 UTF-8. */
export function readSource(path: string, bytes: Buffer, version: string): PythonSource {
  const major = Number.parseInt(version, 10)
  const hasBom = bytes.subarray(0, 3).equals(BOM)
  const coding = hasBom ? 'utf-8' : codingOf(bytes.toString('latin1', 0, 4096))
  const decoder = decoderOf(coding ?? (major === 2 ? 'ascii' : 'utf-8'))
  const text = new TextDecoder(decoder?.encoding ?? 'utf-8').decode(bytes)
  const line = decoder && firstUndecodable(bytes, decoder)
  if (line === undefined) return { path, text, coding }
  return { path, text, coding, refused: { line, why: whyOf(bytes, coding, major) } }
}

function codingOf(start: string): string | undefined {
  const [first = '', second = ''] = start.split('\n', 2)
  const found = CODING.exec(first)?.[1]
  if (found !== undefined || !BLANK_OR_COMMENT.test(first)) return found
  return CODING.exec(second)?.[1]
}

/** Strict; `ascii` for the labels that the standard of the web reads as windows-1252. */
interface Decoder {
  encoding: string
  isAscii: boolean
}

/** Undefined for one that only Python knows: loading tells about it. */
function decoderOf(coding: string): Decoder | undefined {
  const label = coding.toLowerCase().replaceAll('_', '-')
  if (/^(?:us-)?ascii$|^646$/.test(label)) return { encoding: 'utf-8', isAscii: true }
  const known = label
    .replace(/^utf-?8.*$/, 'utf-8')
    .replace(/^cp936$|^ms936$|^936$/, 'gbk')
    .replace(/^cp(125\d)$/, 'windows-$1')
    .replace(/^latin-?1$|^l1$/, 'iso-8859-1')
  try {
    return { encoding: new TextDecoder(known).encoding, isAscii: false }
  } catch {
    return undefined
  }
}

function firstUndecodable(bytes: Buffer, { encoding, isAscii }: Decoder): number | undefined {
  if (isPlain(bytes)) return undefined
  if (!isAscii && decodes(bytes, encoding)) return undefined
  let line = 1
  for (let at = 0; at < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, at)
    const part = bytes.subarray(at, end < 0 ? bytes.length : end)
    if (isAscii ? !isPlain(part) : !decodes(part, encoding)) return line
    at = end < 0 ? bytes.length : end + 1
  }
  // Only whole it does not decode, as UTF-16 has bytes of line ends inside of characters.
  return 1
}

function isPlain(bytes: Buffer): boolean {
  return bytes.every((byte) => byte < 0x80)
}

function decodes(bytes: Buffer, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function whyOf(bytes: Buffer, coding: string | undefined, major: number): Words {
  const looksLike = decodes(bytes, 'utf-8')
    ? 'UTF-8'
    : decodes(bytes, 'gb18030')
      ? 'GBK'
      : undefined
  if (coding !== undefined) return REFUSED_SOURCE.notAsNamed(coding, looksLike)
  return major === 2 ? REFUSED_SOURCE.notAscii(looksLike) : REFUSED_SOURCE.notUtf8(looksLike)
}
