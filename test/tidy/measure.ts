/** Names a file exports, values and types apart, by its text. */
export function countExports(text: string): { values: number; types: number } {
  const values = text.match(
    /^export (declare )?(async )?(abstract )?(function|class|const|let)\b/gm,
  )
  const types = text.match(/^export (declare )?(type [\w$]|interface\b)/gm)
  const lists = [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(([, type, list = '']) =>
    list.split(',').flatMap((name) => (name.trim() ? [type ? `type ${name}` : name.trim()] : [])),
  )
  const listed = lists.filter((name) => name.startsWith('type ')).length
  return {
    values: (values?.length ?? 0) + lists.length - listed,
    types: (types?.length ?? 0) + listed,
  }
}

/** Lines that are nothing but comment. */
export function countCommentLines(lines: string[]): number {
  let isInside = false
  let count = 0
  for (const line of lines.map((one) => one.trim())) {
    const opens = line.startsWith('/*')
    if (isInside || opens || line.startsWith('//')) count++
    if ((isInside || opens) && line.includes('*/')) isInside = false
    else if (opens) isInside = true
  }
  return count
}

/** Length of each function with the line that it starts at; by layout, which Biome keeps. */
export function functionLengths(lines: string[]): { line: number; length: number }[] {
  return lines.flatMap((line, at) => {
    if (!FUNCTION.test(line)) return []
    const indent = line.length - line.trimStart().length
    const end = lines.findIndex((other, i) => i > at && closes(other, indent))
    return end < 0 ? [] : [{ line: at + 1, length: end - at + 1 }]
  })
}

const KEYWORDS = 'if|for|while|switch|catch|else|return|do|try|finally|with'
/** `function`, an arrow with a body, a method, or the end of a signature of several lines. */
const FUNCTION = new RegExp(
  `\\bfunction\\b.*[{(]$|=> \\{$|^\\s*(?!(?:${KEYWORDS})\\b)[\\w$]+\\([^;]*\\)[^;=]*\\{$`,
)

function closes(line: string, indent: number): boolean {
  return line.length - line.trimStart().length === indent && /^\s*\}/.test(line)
}

/** What a file imports or exports from, as it is written, types included. */
export function importsOf(text: string): string[] {
  const found = text.matchAll(/^(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]/gm)
  const late = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)
  return [...found, ...late].map(([, name = '']) => name)
}
