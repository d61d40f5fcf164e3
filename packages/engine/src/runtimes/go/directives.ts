import type { Tree } from '../../tree.ts'

const FILE_BYTES_MAX = 1024 * 1024

/** One line of go.mod or go.work, those in parentheses with the word before these; 1-based. */
export interface Directive {
  verb: string
  words: string[]
  line: number
}

/** The directives of a file of the tree; the go command itself says what is wrong in it. */
export async function readDirectives(tree: Tree, path: string): Promise<Directive[]> {
  const text = (await tree.read(path, FILE_BYTES_MAX)).toString('utf8').replace(/^\uFEFF/, '')
  const found: Directive[] = []
  let block: string | undefined
  text.split('\n').forEach((whole, index) => {
    const words = whole.replace(/\/\/.*/, '').match(/"[^"]*"|`[^`]*`|[^\s"`()]+|[()]/g) ?? []
    const [first, ...rest] = words.map((word) => word.replace(/^(["`])(.*)\1$/, '$2'))
    if (first === undefined) return
    if (block === undefined && rest[0] === '(') block = first
    else if (first === ')') block = undefined
    else {
      const [verb, words] = block === undefined ? [first, rest] : [block, [first, ...rest]]
      found.push({ verb, words, line: index + 1 })
    }
  })
  return found
}
