/** Import names of the vendor's libraries, where the name of the product is another. */
const IMPORT_NAMES: Readonly<Record<string, readonly string[]>> = { obsclient: ['obs', 'com'] }

/** The modules that a profile's pre-installed libraries bring. */
export function preinstalledModules(names: readonly string[] = []): string[] {
  return names.flatMap((name) => IMPORT_NAMES[name] ?? [name])
}
