/** Those of registered functions. */
export function functionKeys(prefix: string) {
  const key = (kind: string, id: string) => `${prefix}:${kind}:${id}`
  return {
    /** Sorted set of names, all scores 0. */
    functions: (tenant: string) => key('functions', tenant),
    /** Set: tenants that have functions. */
    functionTenants: `${prefix}:function-tenants`,
    /** Hash: settings, and the draft's version and totals. */
    function: (tenant: string, name: string) => key('function', `${tenant}:${name}`),
    /** Hash: path -> entry of the draft. */
    draft: (tenant: string, name: string) => key('draft', `${tenant}:${name}`),
    /** String: the archive that was made of a draft, and of which version of it; expires. */
    snapshot: (tenant: string, name: string) => key('snapshot', `${tenant}:${name}`),
    /** Sorted set: numbers of a function's packages. */
    numbers: (tenant: string, name: string) => key('numbers', `${tenant}:${name}`),
    /** Hash: number -> JSON; `at:NUMBER` is the time in ms. */
    numbered: (tenant: string, name: string) => key('numbered', `${tenant}:${name}`),
    /** Hash: function -> the highest number ever given; stays when it is deleted. */
    numberCounts: (tenant: string) => key('number-counts', tenant),
    /** Hash: alias -> number. */
    aliases: (tenant: string, name: string) => key('aliases', `${tenant}:${name}`),
  }
}
