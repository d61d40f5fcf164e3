/** What a shell takes for one word: anything but blanks and signs, unless quoted. */
const WORD = /(?:\\[\s\S]|'[^']*'?|"(?:\\[\s\S]|[^"\\])*"?|[^\s;&|()<>`'"\\])+/g
const QUOTED = /\$?'([^']*)'?|\$?"((?:\\[\s\S]|[^"\\])*)"?|\\([\s\S])/g

/**
 * The words of a line, without quotes. Variables and commands in it are left as they stand; a quote
 * without an end goes on to the end of the line.
 */
export function shellWords(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => {
    return word.replace(QUOTED, (_, single?: string, double?: string, escaped = '') => {
      return single ?? double?.replace(/\\(?:([$`"\\])|\n)/g, '$1') ?? escaped.replace('\n', '')
    })
  })
}
