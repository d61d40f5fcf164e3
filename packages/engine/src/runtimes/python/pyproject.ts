import { PacklineError } from '@packline/shared'

/**
 * `dependencies` of the table [project] (PEP 621), as requirement lines. A reader for this one key:
 * what else the file holds is other tools' business. Throws MANIFEST_INVALID where the list does
 * not end, and where Poetry's own table declares what would be left out.
 */
export function projectDependencies(text: string): string[] {
  const tables = tablesOf(text)
  const project = tables.get('project') ?? ''
  const list = /^[ \t]*dependencies[ \t]*=[ \t]*\[/m.exec(project)
  if (list) return stringsUntilBracket(project.slice(list.index + list[0].length))
  refusePoetry(tables.get('tool.poetry.dependencies') ?? '')
  return []
}

function tablesOf(text: string): Map<string, string> {
  const tables = new Map<string, string>()
  let name = ''
  for (const line of text.split(/\r?\n/)) {
    const header = /^[ \t]*\[[ \t]*([A-Za-z0-9_."'-]+)[ \t]*\][ \t]*(?:#.*)?$/.exec(line)
    if (header) name = (header[1] ?? '').replaceAll(/["']/g, '')
    else tables.set(name, `${tables.get(name) ?? ''}${line}\n`)
  }
  return tables
}

/** One string, comment, comma or the end of a TOML array of strings. */
const TOKEN = /[\s,]*(?:#[^\n]*\n|"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|(\]))/y

function stringsUntilBracket(text: string): string[] {
  const found: string[] = []
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [, basic, literal, end] = match
    if (end !== undefined) return found
    const item = basic?.replaceAll(/\\(["\\])/g, '$1') ?? literal
    if (item !== undefined) found.push(item)
  }
  throw new PacklineError(
    'MANIFEST_INVALID',
    'pyproject.toml: "dependencies" of [project] is not a closed list of strings',
    { hint: 'Write it as dependencies = ["requests==2.32.3", "redis"].' },
  )
}

function refusePoetry(table: string): void {
  const asked = table
    .split('\n')
    .map((line) => /^[ \t]*["']?([A-Za-z0-9_.-]+)["']?[ \t]*=/.exec(line)?.[1])
    .find((name) => name !== undefined && name !== 'python')
  if (asked === undefined) return
  throw new PacklineError(
    'MANIFEST_INVALID',
    `pyproject.toml declares ${asked} for Poetry; expected requirements.txt or [project]`,
    { hint: 'Write one with: poetry export --output requirements.txt' },
  )
}
