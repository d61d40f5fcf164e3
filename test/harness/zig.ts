import { join } from 'node:path'
import type { TestContext } from 'vitest'
import type { Tools } from '../../packages/engine/src/tools/tools.ts'
import { fromPypi, pythonWithPip } from './pypi.ts'

const VERSION = '0.17.1'

/** The machine's own zig, else the one of PyPI (100 MB); skips where neither can be had. */
export async function zigFor(context: TestContext, tools: Tools): Promise<Tools['zig']> {
  if (tools.zig) return tools.zig
  const python = pythonWithPip(context, tools)
  const folder = await fromPypi(python, { name: 'ziglang', version: VERSION })
  const path = join(folder, 'ziglang/zig')
  return { name: 'zig', version: VERSION, path, binds: [join(folder, 'ziglang')] }
}
