/** The five runtimes of the platform; a new one is a word here, a folder and a registry line. */
export const RUNTIME_NAMES = ['nodejs', 'python', 'java', 'go', 'custom'] as const
export type RuntimeName = (typeof RUNTIME_NAMES)[number]

/** What the runtime's functions may be handed in as (package-rules.md part 1). */
export interface RuntimeTraits {
  title: string
  /** Compiled languages can not be edited online. */
  onlineEdit: boolean
  /**
   * File extensions a directly uploaded package may have by its bytes: ZIP for all, JAR for Java.
   */
  jar: boolean
  /** Queues are per runtime, Java's per release: a worker takes those whose tools it has. */
  queuePerVersion: boolean
  /** Functions may attach dependency packages (package-rules.md part 3): where these hold what. */
  dependencyLayout?: string
}

export const RUNTIMES: Record<RuntimeName, RuntimeTraits> = {
  nodejs: {
    title: 'Node.js',
    onlineEdit: true,
    jar: false,
    queuePerVersion: false,
    dependencyLayout: 'node_modules/ at the root',
  },
  python: {
    title: 'Python',
    onlineEdit: true,
    jar: false,
    queuePerVersion: false,
    dependencyLayout: 'the contents of site-packages at the root',
  },
  java: {
    title: 'Java',
    onlineEdit: false,
    jar: true,
    queuePerVersion: true,
    dependencyLayout: 'jars at the root',
  },
  go: { title: 'Go', onlineEdit: false, jar: false, queuePerVersion: false },
  custom: { title: 'Custom', onlineEdit: true, jar: false, queuePerVersion: false },
}

/** The queue that builds of a runtime wait in, such as `nodejs` or `java-17`. */
export function queueOf(runtime: RuntimeName, version: string): string {
  return RUNTIMES[runtime].queuePerVersion ? `${runtime}-${version}` : runtime
}
