import { fileURLToPath } from 'node:url'
import { REASONS } from '../../texts/verdict.ts'
import { verbatim } from '../../words.ts'
import { httpLoad } from '../http-load.ts'
import type { LoadCheck, Subject } from '../runtime.ts'
import { sameMinor } from './interpreters.ts'
import { preinstalledModules } from './preinstalled.ts'

const LOADER = fileURLToPath(new URL('loader.py', import.meta.url))

/** importlib's import of the handler's file by the Python nearest to the one that is asked for. */
export async function load(subject: Subject): Promise<LoadCheck> {
  const { request, handler, tools, profile } = subject
  if (request.type === 'http') return httpLoad(subject)
  if (handler?.form !== 'file.function') {
    return { kind: 'unavailable', because: REASONS.noFile }
  }
  const same = sameMinor(tools.pythons, request.version)
  const python = same ?? tools.pythons[0]
  if (!python) return { kind: 'unavailable', because: REASONS.noPython }
  const initializer = request.initializer?.slice(request.initializer.lastIndexOf('.') + 1)
  const names = [handler.function, initializer].filter((name) => name !== undefined)
  const platform = preinstalledModules(profile.runtimes.python?.preinstalled)
  const script = ['/packline/loader.py', handler.file, names.join(','), ...platform]
  return {
    kind: 'command',
    // -B: no __pycache__ in the package; -s: none of this machine's user packages.
    argv: [python.path, '-B', '-s', ...script],
    env: {
      PATH: '/usr/bin:/bin',
      LC_ALL: 'C.UTF-8',
      PYTHONUTF8: '1',
      RUNTIME_CODE_ROOT: profile.codeRoot,
    },
    binds: [
      { from: LOADER, to: '/packline/loader.py' },
      ...python.binds.map((path) => ({ from: path, to: path })),
    ],
    loadedBy: verbatim(`Python ${python.version}`),
    same: same !== undefined,
    because: same ? undefined : REASONS.otherVersion(`Python ${request.version}`),
  }
}
