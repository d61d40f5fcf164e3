/** A tool chain of this worker; plain values, so that it can be sent and stored. */
export interface Tool {
  name: string
  version: string
  /** What is started, or the script that its interpreter is started with (npm). */
  path: string
  /** Files and folders it needs inside at the same path, besides the system's own below /usr. */
  binds: readonly string[]
  /** Addresses of the registries that it asks where nobody names others. */
  asks?: readonly string[]
  /** A file below BUILD.root that names more of them, of a tool that an earlier stage fetches. */
  asksIn?: string
}

/** `path` is the interpreter itself, never a shim. */
export interface Python extends Tool {
  hasPip: boolean
  /** Debian has venv without ensurepip: then this is false too. */
  hasVenv: boolean
}

/** `path` and `home` are the JDK's folder. */
export interface Jdk extends Tool {
  /** 8, 17, 21: it compiles for this and older ones, down to 8. */
  release: number
  home: string
  java: string
  javac: string
  jar: string
}

/** Every list is newest first. */
export interface Tools {
  /** The one that runs us. */
  node: Tool
  nodes: readonly Tool[]
  /** `path` is npm's script, to be run by `node`. */
  npm?: Tool
  pythons: readonly Python[]
  uv?: Tool
  /** Of the newest JDK. */
  java?: Tool
  javac?: Tool
  jar?: Tool
  jdks: readonly Jdk[]
  maven?: Tool
  gradle?: Tool
  go?: Tool
  /** gcc, cc or clang. */
  cc?: Tool
  /** gcc for the architecture that this machine is not of. */
  crossCc?: Tool
  zig?: Tool
  make?: Tool
  git?: Tool
  sh: Tool
}
