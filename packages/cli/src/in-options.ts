/** What a request over HTTP says by its fields, and the command line by its options. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bset build\.load to false\b/gi, 'say --no-load'],
  [/\bset build\.unwrap to true\b/gi, 'say --unwrap'],
  [/\bset build\.bundle to true\b/gi, 'say --bundle'],
  [/\bbuild\.bundle\b/g, '--bundle'],
  [/\bbuild\.installScripts is true\b/g, '--install-scripts is said'],
  [/\bset source\.as to "(\w+)"/gi, 'say --as $1'],
  [/\bset entryNameEncoding to (\w+)(?: \([^)]*\))?/gi, 'say --entry-name-encoding $1'],
  [/\bbuild\.timeoutSeconds\b/g, '--timeout'],
  [/\bbuild\.mode\b/g, '--mode'],
  [/\bbuild\.module\b/g, '--module'],
  [/\bbuild\.(exclude|include)\b/g, '--$1'],
  [/\bleave version out\b/gi, 'leave --runtime-version out'],
]

/** A hint in the words of the command line. */
export function inOptions(hint: string): string {
  return WORDS.reduce((text, [field, option]) => text.replace(field, inCaseOf(option)), hint)
}

/** A sentence goes on beginning with a capital letter. */
function inCaseOf(option: string): (found: string, ...groups: unknown[]) => string {
  return (found, value) => {
    const text = typeof value === 'string' ? option.replace('$1', value) : option
    return /^[A-Z]/.test(found) ? text.charAt(0).toUpperCase() + text.slice(1) : text
  }
}
