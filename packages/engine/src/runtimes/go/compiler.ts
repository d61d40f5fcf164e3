import { BUILD } from '../../package.ts'
import { FOR_PLUGINS } from '../../texts/failures/go.ts'
import { missing, noTool } from '../../tools/missing.ts'
import type { Tool } from '../../tools/tools.ts'
import type { Order } from '../runtime.ts'

/** The C compiler that cgo uses, and the variables that say so. */
export interface Compiler {
  tool: Tool
  because: string
  env: Readonly<Record<string, string>>
}

/**
 * zig where it is: it compiles for the platform's glibc and for both architectures. Else the
 * worker's own compiler for its kind, whose code needs the glibc that it came with. Undefined where
 * nothing can do it.
 */
export function compilerOf({ tools, profile, request }: Order): Compiler | undefined {
  const { zig, cc, crossCc } = tools
  if (zig) {
    const target = `${request.architecture}-linux-gnu.${profile.glibc.version}`
    const env = {
      // go splits CC at blanks, and takes what stands in quotes together.
      CC: `'${zig.path}' cc -target ${target}`,
      CXX: `'${zig.path}' c++ -target ${target}`,
      ZIG_GLOBAL_CACHE_DIR: `${BUILD.cache}/zig`,
      ZIG_LOCAL_CACHE_DIR: `${BUILD.cache}/zig`,
    }
    return { tool: zig, because: `zig ${zig.version} for glibc ${profile.glibc.version}`, env }
  }
  const own = request.architecture === ownArchitecture() ? cc : crossCc
  return own && { tool: own, because: `${own.name} ${own.version}`, env: { CC: own.path } }
}

/** Throws TOOL_MISSING with what to install. */
export function findCompiler(order: Order): Compiler {
  const compiler = compilerOf(order)
  if (compiler) return compiler
  const { architecture } = order.request
  const isOwn = architecture === ownArchitecture()
  const tool = isOwn ? 'cc' : 'crossCc'
  const { mend } = missing(tool)
  throw noTool(tool, { detail: FOR_PLUGINS.detail(architecture), hint: FOR_PLUGINS.hint(mend) })
}

function ownArchitecture(): string {
  return process.arch === 'arm64' ? 'aarch64' : 'x86_64'
}
