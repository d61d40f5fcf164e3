import type { Import } from './python-imports.ts'

/**
 * The own files that importing an entry imports in turn, as far as their text tells; without an
 * entry all of them, as nobody knows which one is started.
 */
export function reachedFrom(
  entry: string | undefined,
  imports: ReadonlyMap<string, readonly Import[]>,
): ReadonlySet<string> {
  if (entry === undefined || !imports.has(entry)) return new Set(imports.keys())
  const reached = new Set([entry])
  // A set is walked in the order of adding, what is added on the way included.
  for (const path of reached) {
    const modules = (imports.get(path) ?? []).flatMap((one) => modulesOf(one, path))
    for (const file of modules.flatMap(filesOf)) if (imports.has(file)) reached.add(file)
  }
  return reached
}

/** The paths without extension that an import may mean: modules, and names that may be modules. */
function modulesOf({ module, level, names }: Import, path: string): string[] {
  const folders = path.split('/').slice(0, -1)
  const inside = module.split('.').filter(Boolean)
  const starts = level > 0 ? [folders.slice(0, folders.length - level + 1)] : [[], folders]
  return starts.flatMap((start) => {
    const whole = [...start, ...inside]
    const above = whole.map((_, at) => whole.slice(0, at + 1).join('/'))
    return [...above, ...names.map((name) => [...whole, name].join('/'))]
  })
}

function filesOf(module: string): string[] {
  return [`${module}.py`, `${module}/__init__.py`]
}
