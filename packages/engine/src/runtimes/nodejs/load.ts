import { fileURLToPath } from 'node:url'
import { httpLoad } from '../http-load.ts'
import type { LoadCheck, Subject } from '../runtime.ts'

const FILES = ['loader.cjs', 'import.cjs', 'caller.cjs']

/** import() of the handler's file by the Node.js nearest to the one that is asked for. */
export async function load(subject: Subject): Promise<LoadCheck> {
  const { request, handler, tools, profile } = subject
  if (request.type === 'http') return httpLoad(subject)
  if (handler?.form !== 'file.function') {
    return { kind: 'unavailable', because: 'the handler names no file' }
  }
  const major = (version: string) => version.split('.')[0]
  const same = tools.nodes.find((tool) => major(tool.version) === major(request.version))
  const node = same ?? tools.node
  const initializer = request.initializer?.slice(request.initializer.lastIndexOf('.') + 1)
  const names = [handler.function, initializer].filter((name) => name !== undefined)
  const preinstalled = profile.runtimes.nodejs?.preinstalled ?? []
  return {
    kind: 'command',
    argv: [node.path, '/packline/loader.cjs', handler.file, names.join(','), ...preinstalled],
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LC_ALL: 'C.UTF-8',
      HOME: '/tmp',
      RUNTIME_CODE_ROOT: profile.codeRoot,
    },
    binds: [
      ...FILES.map((name) => {
        return { from: fileURLToPath(new URL(name, import.meta.url)), to: `/packline/${name}` }
      }),
      ...node.binds.map((path) => ({ from: path, to: path })),
    ],
    loadedBy: `Node.js ${node.version}`,
    same: same !== undefined,
    because: same ? undefined : `the request says Node.js ${request.version}`,
  }
}
