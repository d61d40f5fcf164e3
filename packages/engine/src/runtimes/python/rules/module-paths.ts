/** module: a file; package: a folder with __init__; folder: one without, a namespace (PEP 420). */
export type ModuleKind = 'module' | 'package' | 'folder'

/** The modules that a set of files makes, by their dotted names. */
export interface ModulePaths {
  kindOf(module: string): ModuleKind | undefined
  /** Whether a module of this name lies in any folder. */
  hasAnywhere(name: string): boolean
}

/** Sources, compiled sources, and native modules with the tags of an interpreter in their names. */
const MODULE_FILE = /^(.*?)([^/.]+)(?:\.pyc?|(?:\.[^/]*)?\.so)$/

export function modulePaths(paths: readonly string[]): ModulePaths {
  const kinds = new Map<string, ModuleKind>()
  const names = new Set<string>()
  for (const path of paths) {
    const [, folder = '', name = ''] = MODULE_FILE.exec(path) ?? []
    if (name === '') continue
    const folders = folder.split('/').filter(Boolean)
    for (let count = 1; count <= folders.length; count++) {
      const inner = folders.slice(0, count).join('.')
      if (!kinds.has(inner)) kinds.set(inner, 'folder')
      names.add(folders[count - 1] ?? '')
    }
    if (name === '__init__') kinds.set(folders.join('.'), 'package')
    else if (kinds.get([...folders, name].join('.')) !== 'package') {
      kinds.set([...folders, name].join('.'), 'module')
      names.add(name)
    }
  }
  return { kindOf: (module) => kinds.get(module), hasAnywhere: (name) => names.has(name) }
}
