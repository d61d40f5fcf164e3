import { pythonManifestFailures } from '../../../texts/failures/python-manifests.ts'
import type { Declared, ListLine } from './declared.ts'
import { invalid } from './invalid.ts'

/** What an installer is given. */
export interface InstallList {
  /** A requirements file; behind each line stands the place that asks for it. */
  text: string
  /** A constraints file; empty without any. */
  constraints: string
  /** Every file has to be one that a hash names. */
  hashed: boolean
}

/**
 * Files of the source need no hash, but where one line has one, pip wants one of every line.
 * MANIFEST_INVALID for what an installer would take for more than one requirement.
 */
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
  const whole = `${text}${held}  # ${file}, line ${line}`
  const hasOption = [text, ...hashes].some((part) => OPTION.test(part))
  if (!hasOption && !BREAK.test(whole)) return whole
  const said = text.replaceAll(/[\s\p{Cc}]+/gu, ' ')
  throw invalid({ file, line }, pythonManifestFailures.notOneLine(said))
}

/** Names and versions of lock files are any text: one could be an "-e" that is built at once. */
const OPTION = /(?:^|\s)-/
const BREAK = /(?!\t)[\p{Cc}\p{Zl}\p{Zp}]/u

function joined(lines: readonly string[]): string {
  return lines.length > 0 ? `${lines.join('\n')}\n` : ''
}
