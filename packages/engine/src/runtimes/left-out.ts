/** Folders and files that no function needs: version control, editors, systems, caches. */
const FOLDERS = new Set([
  '.git',
  '.hg',
  '.svn',
  '.idea',
  '.vscode',
  '__pycache__',
  '.cache',
  '__MACOSX',
])
const FILES = new Set(['.DS_Store', 'Thumbs.db', '.gitignore', '.gitattributes'])

/** Whether a path stays out of every package that is made from source. */
export function isLeftOut(path: string): boolean {
  const parts = path.split('/')
  const name = parts.pop() ?? ''
  return FILES.has(name) || FOLDERS.has(name) || parts.some((part) => FOLDERS.has(part))
}
