import type { Archive } from '@packline/archive'
import type {
  BuildRequest,
  FailureCode,
  Finding,
  Handler,
  PacklineError,
  Profile,
  RuntimeName,
  Words,
} from '@packline/shared'
import type { Component } from '../component.ts'
import type { CacheKind, Made, Package } from '../package.ts'
import type { Bind, Network, ToolResult } from '../process/command.ts'
import type { Tool, Tools } from '../tools/tools.ts'
import type { Around, Tree } from '../tree.ts'

/** Why a tree is of this runtime, and what that says about how it was handed in. */
export interface Detection {
  /** The file that tells, such as "go.mod". */
  because: string
  /** What makes it look like a finished package, such as "node_modules". */
  finished?: string
  /** The manifest that declares dependencies, such as "package.json". */
  declares?: string
}

/** What every part of a runtime is asked with. */
export interface Order {
  request: BuildRequest
  /** The request's handler taken apart; undefined for HTTP functions. */
  handler: Handler | undefined
  profile: Profile
  tools: Tools
  /** Of what the source is a folder, as far as that is at hand. */
  around?: (() => Promise<Around | undefined>) | undefined
}

/** One command of a plan, as data. Paths are those of BUILD. */
export interface Stage {
  name: string
  argv: readonly string[]
  cwd?: string
  env?: Readonly<Record<string, string>>
  network: Network
  /** What it finds at BUILD.cache; one that may run code of the source or of libraries says. */
  cache?: CacheKind
  /** As which tool it asks the registries; by default the first of its tools. */
  access?: string
  /** Tools it needs inside; the report names each, and the build key holds their versions. */
  tools: readonly Tool[]
  /** Why this tool and version. */
  because: string
  /** Where the source asks for a dependency: its name -> a place such as "package.json:7". */
  asked?: Readonly<Record<string, string>>
  /** Files written below BUILD before it runs: path -> text; one that begins with #! can be run. */
  files?: Readonly<Record<string, string>>
  /** What it means when it does not exit with 0. */
  failure: FailureCode
  /**
   * Tried where this one failed as `failure` says, which is the caller's; what `explain` calls by
   * another code is no reason to go on.
   */
  otherwise?: Stage
}

/** How the finished package is proved to start (package-rules.md part 4). */
export type LoadCheck =
  /**
   * Loads the handler. The first line of its input is a token, so that nothing that the handler's
   * code prints is taken for the answer; code that looks for it in its own process forges its own
   * verdict alone. It prints `TOKEN {"ok":true}` or `TOKEN {"ok":false,"message","path"?,"line"?}`,
   * `message` being the code's own words; what the loader finds itself is `"fault","found"?`, which
   * texts/faults.ts says in words.
   * Where a second line follows, which is the request's test event as JSON, it then calls
   * initializer and handler and prints `TOKEN {"called":{"ok":true,"answer","ms","memoryBytes"?}}`,
   * or a message and place as above.
   */
  | {
      kind: 'command'
      argv: readonly string[]
      env?: Readonly<Record<string, string>>
      binds: readonly Bind[]
      /** Such as "Node.js 24.21.0". */
      loadedBy: Words
      /** Whether this is the version the request asks for; otherwise why it is not. */
      same: boolean
      because?: Words
      /** It uses fixed paths or ports, which only the sandbox can give: not loaded without one. */
      fenced?: boolean
      /** What to do about a load that failed so, where that is more exact than the usual. */
      hint?: (message: string) => Promise<Words | undefined>
      /** By default LIMITS.loadTimeoutMs. */
      timeoutMs?: number
      /**
       * Makes what loads it, with the bench of the build; its product, below BUILD.root or
       * BUILD.cache, is bound at `to`. Where it fails nothing is loaded.
       */
      prepare?: { stage: Stage; product: Bind }
    }
  /** Nothing to load: the checks of its bytes are the proof. */
  | { kind: 'inspected'; because: Words }
  /** Nothing on this worker can load it. */
  | { kind: 'unavailable'; because: Words }

/** A dependency package that the request attaches, opened through the gate as a package is. */
export interface Attached {
  name: string
  revision: number
  archive: Archive
  /** Unpacks it once, for the checks that need files; the folder goes with the build. */
  folder(): Promise<string>
}

/** A finished package with its order: what checks look at. */
export interface Subject extends Order {
  package: Package
  /** What the platform lays beside the package, in the request's order. */
  dependencies: readonly Attached[]
  /** Ends a check that takes long. */
  signal: AbortSignal
}

/** One language of the platform. Adding one: a folder, a registry line, a word in shared. */
export interface Runtime {
  id: RuntimeName
  /** Reads names and manifests only. */
  detect(tree: Tree): Promise<Detection | undefined>
  /**
   * Files of which one must stand at the root; empty where the runtime's own check says it better.
   */
  entries(order: Order): readonly string[]
  /** What would be run; starts nothing. Empty: the tree is packed as it is. */
  plan(tree: Tree, order: Order): Promise<readonly Stage[]>
  /** What goes into the package, after the plan was run. */
  collect(source: Tree, output: Tree, order: Order): Promise<Made>
  /** Static rules of this runtime. */
  check(subject: Subject): Promise<readonly Finding[]>
  /** The libraries of this language in a package, of whatever runtime its function is. */
  components(subject: Subject): Promise<readonly Component[]>
  load(subject: Subject): Promise<LoadCheck>
  /** What a failed stage's output says more exactly than its `failure`; undefined: nothing more. */
  explain(stage: Stage, result: ToolResult): PacklineError | undefined
}
