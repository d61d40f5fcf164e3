import { join } from 'node:path'
import type { TestContext } from 'vitest'
import type { Tools } from '../../packages/engine/src/tools/tools.ts'
import { fromPypi } from './pypi.ts'

const VERSION = '0.13.9'

/** The machine's own uv, else the one of PyPI; skips where neither can be had. */
export async function uvFor(context: TestContext, tools: Tools): Promise<Tools['uv']> {
  if (tools.uv) return tools.uv
  const path = join(await fromPypi(context, tools, { name: 'uv', version: VERSION }), 'bin/uv')
  return { name: 'uv', version: VERSION, path, binds: [path] }
}
