import { PacklineError } from '@packline/shared'
import { BUILD } from '../../package.ts'
import { missing, type Tool } from '../../tools/tools.ts'
import type { Order } from '../runtime.ts'

/** The C compiler that cgo uses, and the variables that say so. */
export interface Compiler {
  tool: Tool
  because: string
  env: Readonly<Record<string, string>>
}

/**
 * zig where it is: it compiles for the platform's glibc and for both architectures. Else the
 * worker's own compiler, whose code needs the worker's glibc. Undefined where neither can do it.
 */
export function compilerOf({ tools, profile, request }: Order): Compiler | undefined {
  const { zig, cc } = tools
  if (zig) {
    const target = `${request.architecture}-linux-gnu.${profile.glibc.version}`
    const env = {
      // go splits CC at blanks, and takes what stands in quotes together.
      CC: `'${zig.path}' cc -target ${target}`,
      ZIG_GLOBAL_CACHE_DIR: `${BUILD.cache}/zig`,
      ZIG_LOCAL_CACHE_DIR: `${BUILD.cache}/zig`,
    }
    return { tool: zig, because: `zig ${zig.version} for glibc ${profile.glibc.version}`, env }
  }
  if (!cc || request.architecture !== ownArchitecture()) return undefined
  return { tool: cc, because: `${cc.name} ${cc.version}`, env: { CC: cc.path } }
}

/** Throws TOOL_MISSING with what to install. */
export function findCompiler(order: Order): Compiler {
  const compiler = compilerOf(order)
  if (compiler) return compiler
  const { architecture } = order.request
  if (order.tools.cc) {
    const detail = `${order.tools.cc.name} here compiles for ${ownArchitecture()}, not for ${architecture}`
    throw new PacklineError('TOOL_MISSING', detail, {
      hint: 'Install zig on the worker (pip install ziglang): it compiles C for both.',
    })
  }
  const { what, mend } = missing('cc')
  throw new PacklineError('TOOL_MISSING', `${what}, and Go needs one for plugins and cgo`, {
    hint: `${mend}, or pip install ziglang`,
  })
}

function ownArchitecture(): string {
  return process.arch === 'arm64' ? 'aarch64' : 'x86_64'
}
