/** Whose word: `pass` alone may be one of a renderer's, `pwd` a folder and `pat` a pattern. */
const OWNER =
  '(?:db|database|sql|pg|postgres|redis|mongo|mq|smtp|mail|ftp|ssh|ldap|user|admin|root|login|auth|proxy|(?:key|trust)store)'
const SHORT = `${OWNER}[_-]?(?:pass|pwd)|(?<![a-z])(?:git(?:hub|lab|ee)?|gh)[_-]?pat`
/** A name that says what its value is, at its end: dbPassword, SECRET_KEY, api-key. */
const NAME = String.raw`\b[\w.-]{0,40}?(?:passw(?:or)?d|passphrase|secret|(?:api|secret|access|private)[_-]?key|auth[_-]?token|access[_-]?token|${SHORT})`
/** As a word of a name: `PASS`, `DB_PASS`, `dbPass`, `-Dpass`. */
const WORD = String.raw`(?:^-[DP]|^|[\d_.-])(?:pass|pwd|pat)|(?-i:[a-z\d](?:Pass|Pwd|Pat))`
/** The same of what is given on a command line, where `token` and a short word say enough. */
const SECRET_NAME = new RegExp(`(?:${NAME}|token|${WORD})$`, 'i')
/** name = "value", name: 'value', "name": "value". */
const QUOTED = new RegExp(
  String.raw`${NAME}["']?\s{0,4}(?::=|[:=])\s{0,4}(["'\x60])([^"'\x60\s]{8,128})\1`,
  'i',
)
/** Files whose values need no quotes: name=value, name: value. */
const BARE = new RegExp(
  String.raw`^\s{0,40}(?:export\s{1,4})?${NAME}\s{0,4}[:=]\s{0,4}(\S{8,128})\s*$`,
  'i',
)
const BARE_FILES = /(^|\/)\.env(\.[^/]*)?$|\.(env|properties|ini|cfg|conf|ya?ml)$/i

/** What stands for a value that is given elsewhere, or for none. */
const PLACEHOLDER =
  /\$\{|\$\(|\{\{|^[<$%@#]|^\$|xxx|\*\*\*|\.\.\.|example|changeme|change_me|placeholder|your[_-]?|dummy|redacted|process\.env|environ|getenv|^ENC\(/i
/** Words, paths and addresses: names of a setting rather than its value. */
const NO_SECRET = /^[a-z_.:/-]+$|^[A-Z_.:/-]+$|^[a-z]+(?:[A-Z][a-z]+)*$|^\d+$|^(?:https?|\/|\.\/)/
const LINE_CHARS_MAX = 2000

const NAMED = new RegExp(
  `passw|passphrase|secret|token|auth|key|://|-----BEGIN|(?:${SHORT})\\b`,
  'i',
)
/** Half as long as what follows the prefix of the shortest keys. */
const RUN = /[A-Za-z0-9]{10,}/g
/** As programs name things: any other run of characters may be drawn by chance. */
const WORDS = /^[A-Z]?[a-z]+(?:[A-Z][a-z]+)*$/

/**
 * Whether anything in a text could be a secret: a name of one, or a run of characters that are no
 * words. Most files of a function have neither, and need no scan.
 */
export function mayHoldSecret(text: string): boolean {
  if (NAMED.test(text)) return true
  for (const [run] of text.matchAll(RUN)) if (!WORDS.test(run)) return true
  return false
}

/** Whether a variable or option of this name holds one. */
export function namesSecret(name: string): boolean {
  return SECRET_NAME.test(name)
}

/**
 * Passwords and keys of no known service, by the name that they are given to. Only values that mix
 * letters with digits or signs count: a warning that is wrong is one too many.
 */
export function findAssignments(path: string, text: string): { line: number; kind: string }[] {
  const isBare = BARE_FILES.test(path)
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    // Longer lines are made by tools: bundles, whose libraries are not the user's own.
    if (line.length > LINE_CHARS_MAX || isMarked(line, lines[index - 1])) return []
    const value = QUOTED.exec(line)?.[2] ?? (isBare ? BARE.exec(line)?.[1] : undefined)
    if (value === undefined || PLACEHOLDER.test(value) || NO_SECRET.test(value)) return []
    return [{ line: index + 1, kind: 'password' }]
  })
}

/** As secretlint's own comments say that a line is right. */
function isMarked(line: string, before = ''): boolean {
  return line.includes('secretlint-disable-line') || before.includes('secretlint-disable-next-line')
}
