import type { Declared, ListLine } from './declared.ts'

/** What an installer is given. */
export interface InstallList {
  /** A requirements file; behind each line stands the place that asks for it. */
  text: string
  /** A constraints file; empty without any. */
  constraints: string
  /** Every file has to be one that a hash names. */
  hashed: boolean
}

/** Files of the source need no hash, but where one line has one, pip wants one of every line. */
export function installList({ lines, constraints, settings }: Declared): InstallList {
  const hashed = lines.some(({ hashes, local }) => hashes.length > 0 && local === undefined)
  return {
    text: joined([...settings, ...lines.map((line) => textOf(line, hashed))]),
    constraints: joined(constraints.map((line) => textOf(line, false))),
    hashed,
  }
}

/** The place behind the first line that asks for a package: "requirements.txt, line 3". */
export function placeIn(list: string, name: string): string | undefined {
  const bare = RegExp.escape(name).replaceAll(/(?:\\x2d|[_.-]|\\\.)+/g, '[-_.]+')
  return new RegExp(`^${bare}(?![\\w-]|\\.\\w).*?  # (.+)$`, 'im').exec(list)?.[1]
}

function textOf({ text, hashes, file, line }: ListLine, hashed: boolean): string {
  const held = hashed ? hashes.map((hash) => ` --hash=${hash}`).join('') : ''
  return `${text}${held}  # ${file}, line ${line}`
}

function joined(lines: readonly string[]): string {
  return lines.length > 0 ? `${lines.join('\n')}\n` : ''
}
