import { REASONS } from '../../texts/verdict.ts'
import { verbatim } from '../../words.ts'
import { httpLoad } from '../http-load.ts'
import { insideOf, loaderBinds, platformEnvironment } from '../node-loader.ts'
import type { LoadCheck, Subject } from '../runtime.ts'
import { withoutNewerFeatures } from './newer-features.ts'
import { scriptsHint } from './scripts-hint.ts'

const FILES = ['loader.cjs', 'import.cjs', 'caller.cjs']

/** import() of the handler's file by the Node.js nearest to the one that is asked for. */
export async function load(subject: Subject): Promise<LoadCheck> {
  const { request, handler, tools, profile } = subject
  if (request.type === 'http') return httpLoad(subject)
  if (handler?.form !== 'file.function') {
    return { kind: 'unavailable', because: REASONS.noFile }
  }
  const major = (version: string) => version.split('.')[0]
  const same = tools.nodes.find((tool) => major(tool.version) === major(request.version))
  const node = same ?? tools.node
  const initializer = request.initializer?.slice(request.initializer.lastIndexOf('.') + 1)
  const names = [handler.function, initializer].filter((name) => name !== undefined)
  const preinstalled = profile.runtimes.nodejs?.preinstalled ?? []
  const options = withoutNewerFeatures(node.version, request.version)
  const loaded = [handler.file, names.join(','), ...preinstalled]
  return {
    kind: 'command',
    argv: [node.path, ...options, insideOf('loader.cjs'), ...loaded],
    env: { ...platformEnvironment(profile), HOME: '/tmp' },
    binds: loaderBinds(FILES, import.meta.url, node),
    loadedBy: verbatim(`Node.js ${node.version}`),
    same: same !== undefined,
    hint: (message) => scriptsHint(subject, message),
    because: same ? undefined : REASONS.otherVersion(`Node.js ${request.version}`),
  }
}
