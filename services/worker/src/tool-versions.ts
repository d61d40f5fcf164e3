import type { Tools } from '@packline/engine'

/** Name and version of each tool chain, for the list of workers. */
export function toolVersions(tools: Tools): Record<string, string> {
  const found = Object.entries(tools).flatMap(([name, tool]): [string, string][] => {
    const all = Array.isArray(tool) ? tool : [tool]
    const versions = all.flatMap((one) => (one ? [one.version] : []))
    return versions.length > 0 ? [[name, versions.join(', ')]] : []
  })
  return Object.fromEntries(found)
}
