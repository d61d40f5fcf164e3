/**
 * Lines where `toMatchObject` is handed a pattern as it is. Vitest compares its properties, of
 * which it has none, so that anything fits: what is meant is `expect.stringMatching`.
 */
export function barePatterns(text: string): number[] {
  return [...text.matchAll(/\.toMatchObject\(/g)].flatMap(({ 0: call, index }) => {
    const handed = argumentFrom(text, index + call.length).replace(TEXTS, "''")
    return PATTERN.test(handed) ? [text.slice(0, index).split('\n').length] : []
  })
}

/** Quoted texts, and patterns where they are compared. */
const TEXTS = /'(?:[^'\\\n]|\\.)*'|`[^`]*`|(?<=stringMatching\(\s*)\/(?:[^/\\\n]|\\.)+\//g
const PATTERN = /(?:[:,[(]\s*|^\s*)\/(?![/*])|(?<!stringMatching\(\s*)\bnew RegExp\(/

/** Up to the bracket that closes the call; one that stands in a text ends it too early or late. */
function argumentFrom(text: string, start: number): string {
  let open = 1
  let at = start
  for (; open > 0 && at < text.length; at++) {
    if (text[at] === '(') open++
    if (text[at] === ')') open--
  }
  return text.slice(start, at - 1)
}
