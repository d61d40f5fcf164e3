/** The variables of a process, handed over by its `main.ts`: nothing here reads its own. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Asked by the tools that fetch something; everything else stays behind. */
const FETCHING = [
  /^(PATH|HOME|TMPDIR|XDG_CACHE_HOME|SSL_CERT_(FILE|DIR))$/,
  /^(https?|no|all)_proxy$/i,
  /^GO(PROXY|SUMDB|NOSUMDB|PRIVATE|PATH|MODCACHE|CACHE|TOOLCHAIN|FLAGS)$/,
  /^(DOCKER_\w+|CONTAINER_HOST|XDG_RUNTIME_DIR)$/,
]

/** What a tool of the set-up gets: the ways out of this machine, English texts, no secrets. */
export function toolEnvironment(environment: Environment): Record<string, string> {
  const kept = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && FETCHING.some((pattern) => pattern.test(name)) ? [[name, value]] : [],
  )
  return { ...Object.fromEntries(kept), LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' }
}
