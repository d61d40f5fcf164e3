import { type GitWork, mustGit } from '../sources/git/run-git.ts'

/** What a commit has at a path: mode, kind and id, which tell its whole content. */
export interface TreeEntry {
  mode: string
  kind: string
  id: string
}

/** Paths are handed over in groups: a command line has its length. */
const PATHS_AT_ONCE = 500

/** Of these paths those that the commit has; '' is its root. Reads no file's content. */
export async function entriesAt(
  work: GitWork,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, TreeEntry>> {
  const found = new Map<string, TreeEntry>()
  const wanted = [...new Set(paths)]
  if (wanted.includes('')) {
    const asked = ['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`]
    const { stdout } = await mustGit(work, asked, 'none')
    found.set('', { mode: '040000', kind: 'tree', id: stdout.trim() })
  }
  const named = wanted.filter((path) => path !== '')
  for (let from = 0; from < named.length; from += PATHS_AT_ONCE) {
    const some = new Set(named.slice(from, from + PATHS_AT_ONCE))
    // With -t a folder is told also where a path below it is asked for, too.
    const args = ['ls-tree', '-t', '--full-tree', commit, '--', ...some]
    const onLine = (line: string) => {
      const [path, entry] = parseLine(line)
      if (some.has(path)) found.set(path, entry)
    }
    await mustGit(work, args, 'none', { settings: ['core.quotePath=false'], onLine })
  }
  return found
}

/** `mode kind id<TAB>path`; the path in quotes where it has such. */
function parseLine(line: string): [string, TreeEntry] {
  const tab = line.indexOf('\t')
  const [mode = '', kind = '', id = ''] = line.slice(0, tab).split(' ')
  const path = line.slice(tab + 1)
  return [path.startsWith('"') ? unquoted(path) : path, { mode, kind, id }]
}

/** Entry paths hold neither control characters nor backslashes: only quotes are escaped. */
function unquoted(path: string): string {
  return path.slice(1, -1).replaceAll('\\"', '"')
}
