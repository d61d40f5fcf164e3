/** Takes secrets out of what tools print: `***` stands in their place. */
export interface Hider {
  /** Of a whole text. */
  text(text: string): string
  /** Of one stream, line after line: a secret may go on in the next one. */
  lines(): (line: string) => string
}

/** Shorter ones would be found in the midst of ordinary words. */
const SECRET_CHARS_MIN = 4
/** So much of one is hidden before the rest has come, and only so long ones are looked for so. */
const PART_CHARS_MIN = 8

/** Of what a tool writes before the lines of another. */
const LEAD_CHARS_MAX = 40

/** What stands before a host: without a password it is a token, but for ssh, where it is a name. */
const USER = /\b(https?|wss?|ftp):\/\/[^\s/?#@]+@/gi
const PASSWORD = /\b([a-z][a-z0-9+.-]*:\/\/[^\s/?#@:]*):[^\s/?#@]+@/gi

/**
 * Hides these, as they are and as programs write them out: in base64, in an address, in JSON; also
 * where lines or pieces of lines end in their midst; and who asks in any address.
 */
export function makeHider(secrets: Iterable<string>): Hider {
  const long = [...new Set(secrets)].filter(({ length }) => length >= SECRET_CHARS_MIN)
  // The longest first: a part of it must not be taken out of its midst.
  const forms = [...new Set(long.flatMap(formsOf))].sort((a, b) => b.length - a.length)
  const parts = forms.filter(({ length }) => length > PART_CHARS_MIN)
  const find = { all: anyOf(forms), long: anyOf(parts), starts: anyOf(startsOf(parts)) }
  const short = anyOf(forms.filter(({ length }) => length <= PART_CHARS_MIN))
  const keptMax = (parts[0]?.length ?? 1) - 1

  const lines = () => {
    let before = ''
    let last = ''
    return (line: string): string => {
      const lead = leadOf(last, line)
      const start = before.length
      const joined = before + line.slice(lead)
      last = line
      before = keptMax > 0 ? joined.slice(-keptMax) : ''
      // Of most lines this alone is asked, so that a tool may print as fast as it can.
      if (!test(find.starts, joined)) return withoutUsers(short ? line.replace(short, '***') : line)
      const across = [...spansOf(find.long, joined), ...unended(joined, parts)]
      const inLine = across
        .filter(([, to]) => to > start)
        .map(([from, to]): Span => [lead + Math.max(0, from - start), lead + to - start])
      return withoutUsers(withoutSpans(line, [...spansOf(find.all, line), ...inLine]))
    }
  }
  return {
    lines,
    text: (text) => text.split('\n').map(lines()).join('\n'),
  }
}

/**
 * What a tool writes before each line of another one, such as `npm error `: as much as two lines
 * that follow each other have in common, up to a blank.
 */
function leadOf(last: string, line: string): number {
  let at = 0
  while (at < LEAD_CHARS_MAX && at < line.length && line[at] === last[at]) at += 1
  return line.slice(0, at).lastIndexOf(' ') + 1
}

/** A place in a text: from its first character to the one behind its last. */
type Span = [from: number, to: number]

/** As it is, and as programs write it out. */
function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1)
  return [secret, json, encoded(secret), ...inBase64(secret)]
}

function encoded(secret: string): string {
  return encodeURIComponent(secret.toWellFormed())
}

/** Of any text that it stands in: what its neighbours have a part in is left out. */
function inBase64(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const all = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const from = Math.ceil((offset * 8) / 6)
    return text.slice(from, Math.floor(((offset + bytes.length) * 8) / 6))
  })
  const whole = [bytes.toString('base64'), ...all].filter(({ length }) => length >= PART_CHARS_MIN)
  return whole.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')])
}

/** How they begin, each beginning once. */
function startsOf(parts: readonly string[]): string[] {
  return [...new Set(parts.map((part) => part.slice(0, PART_CHARS_MIN)))]
}

/** Undefined where there are none. */
function anyOf(texts: readonly string[]): RegExp | undefined {
  return texts.length === 0 ? undefined : new RegExp(texts.map(quoted).join('|'), 'g')
}

function test(pattern: RegExp | undefined, text: string): boolean {
  return pattern !== undefined && text.search(pattern) >= 0
}

function spansOf(pattern: RegExp | undefined, text: string): Span[] {
  if (pattern === undefined) return []
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => [index, index + found.length])
}

function quoted(secret: string): string {
  return secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** The end of a text that may be the beginning of one of them. */
function unended(text: string, parts: readonly string[]): Span[] {
  const lengths = parts.map((part) => {
    const start = part.slice(0, PART_CHARS_MIN)
    let at = text.indexOf(start, Math.max(0, text.length - part.length + 1))
    while (at >= 0 && !part.startsWith(text.slice(at))) at = text.indexOf(start, at + 1)
    return at < 0 ? 0 : text.length - at
  })
  const length = Math.max(0, ...lengths)
  return length === 0 ? [] : [[text.length - length, text.length]]
}

/** With `***` for each run of what is to be hidden. */
function withoutSpans(text: string, spans: readonly Span[]): string {
  let hidden = ''
  let at = 0
  let isOpen = false
  for (const [from, to] of spans.toSorted(([one], [other]) => one - other)) {
    if (to <= at) continue
    if (from > at || !isOpen) hidden += `${text.slice(at, Math.max(at, from))}***`
    isOpen = true
    at = to
  }
  return hidden + text.slice(at)
}

function withoutUsers(line: string): string {
  if (!line.includes('://')) return line
  return line.replace(USER, '$1://***@').replace(PASSWORD, '$1:***@')
}
