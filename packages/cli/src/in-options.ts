/** What a request over HTTP says by its fields, and the command line by its options. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bset build\.load to false\b/gi, 'say --no-load'],
  [/\bset build\.unwrap to true\b/gi, 'say --unwrap'],
  [/\bset source\.as to "(\w+)"/gi, 'say --as $1'],
  [/\bset entryNameEncoding to (\w+)(?: \([^)]*\))?/gi, 'say --entry-name-encoding $1'],
  [/\bbuild\.timeoutSeconds\b/g, '--timeout'],
  [/\bbuild\.mode\b/g, '--mode'],
  [/\bleave version out\b/gi, 'leave --runtime-version out'],
]

/** A hint in the words of the command line. */
export function inOptions(hint: string): string {
  const text = WORDS.reduce((words, [field, option]) => words.replaceAll(field, option), hint)
  return text.charAt(0).toUpperCase() + text.slice(1)
}
