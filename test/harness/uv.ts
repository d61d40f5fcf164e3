import type { TestContext } from 'vitest'
import type { Tools } from '../../packages/engine/src/tools/tools.ts'
import { pythonWithPip } from './pypi.ts'
import { pythonTool } from './python-tool.ts'

/** The machine's own uv, else the one of PyPI; skips where neither can be had. */
export async function uvFor(context: TestContext, tools: Tools): Promise<Tools['uv']> {
  if (tools.uv) return tools.uv
  const { version, path } = await pythonTool('uv', pythonWithPip(context, tools))
  return { name: 'uv', version, path, binds: [path] }
}
