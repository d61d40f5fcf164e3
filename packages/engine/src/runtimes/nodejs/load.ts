import { fileURLToPath } from 'node:url'
import { httpLoad } from '../http-load.ts'
import type { LoadCheck, Subject } from '../runtime.ts'

const LOADER = fileURLToPath(new URL('loader.mjs', import.meta.url))

/** import() of the handler's file by the Node.js nearest to the one that is asked for. */
export async function load(subject: Subject): Promise<LoadCheck> {
  const { request, handler, tools } = subject
  if (request.type === 'http') return httpLoad(subject)
  if (handler?.form !== 'file.function') {
    return { kind: 'unavailable', because: 'the handler names no file' }
  }
  const major = (version: string) => version.split('.')[0]
  const same = tools.nodes.find((tool) => major(tool.version) === major(request.version))
  const node = same ?? tools.node
  const names = [handler.function]
  if (request.initializer)
    names.push(request.initializer.slice(request.initializer.lastIndexOf('.') + 1))
  return {
    kind: 'command',
    argv: [node.path, '/packline/loader.mjs', handler.file, ...names],
    binds: [
      { from: LOADER, to: '/packline/loader.mjs' },
      ...node.binds.map((path) => ({ from: path, to: path })),
    ],
    loadedBy: `Node.js ${node.version}`,
    same: same !== undefined,
    because: same ? undefined : `the request says Node.js ${request.version}`,
  }
}
