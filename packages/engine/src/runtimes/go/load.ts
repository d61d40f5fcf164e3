import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BUILD } from '../../package.ts'
import { PROOFS, REASONS } from '../../texts/verdict.ts'
import { missing } from '../../tools/tools.ts'
import { verbatim } from '../../words.ts'
import { httpLoad } from '../http-load.ts'
import type { LoadCheck, Stage, Subject } from '../runtime.ts'
import { runtimeApiLoad } from '../runtime-api-load.ts'
import { type GoBinary, readGoBinary } from './binary.ts'
import { type Compiler, compilerOf } from './compiler.ts'
import { buildFlags, goEnvironment } from './environment.ts'
import { entryOf, formOf, initializerOf } from './form.ts'

const HOST_SOURCE = new URL('host.go', import.meta.url)
const HOST_FOLDER = `${BUILD.root}/loader`

/** A plugin is opened by a host that the same Go has built; an executable is looked at. */
export async function load(subject: Subject): Promise<LoadCheck> {
  const form = formOf(subject)
  if (form.kind === 'http') return httpLoad(subject)
  const path = entryOf(form)
  const binary = await readGoBinary(join(await subject.package.folder(), path))
  if (form.kind === 'executable') {
    return subject.request.test ? runtimeApiLoad(path, subject) : inspected(path, binary)
  }
  const { go } = subject.tools
  const compiler = compilerOf(subject)
  if (!go || !compiler) {
    const { title } = missing(go ? 'cc' : 'go')
    return { kind: 'unavailable', because: REASONS.noTool(title) }
  }
  if (!binary?.goVersion) return { kind: 'unavailable', because: REASONS.unknownGo(path) }
  const initializer = initializerOf(subject)
  const symbols = [form.symbol, ...(initializer === undefined ? [] : [initializer])]
  const isTrimmed = binary.settings.get('-trimpath') === 'true'
  return {
    kind: 'command',
    prepare: await hostStage(subject, go, compiler, binary.goVersion, isTrimmed),
    argv: ['/packline/host', path, ...symbols],
    binds: [],
    loadedBy: verbatim(`Go ${binary.goVersion}`),
    same: isTrimmed,
    because: isTrimmed ? undefined : REASONS.notTrimmed,
  }
}

function inspected(path: string, binary: GoBinary | undefined): LoadCheck {
  const machine = binary?.elf.machine ?? ''
  return { kind: 'inspected', because: PROOFS.goProgram(path, machine, binary?.goVersion) }
}

/** Kept in the tenant's cache: the go command links it again only when its Go or flags changed. */
async function hostStage(
  subject: Subject,
  go: NonNullable<Subject['tools']['go']>,
  compiler: Compiler,
  version: string,
  isTrimmed: boolean,
): Promise<NonNullable<Extract<LoadCheck, { kind: 'command' }>['prepare']>> {
  const isOwn = version === go.version
  const flags = buildFlags({ go: { ...subject.profile.go, trimpath: isTrimmed } })
  const host = `${BUILD.cache}/go/hosts/go${version}${isTrimmed ? '' : '-untrimmed'}`
  const stage: Stage = {
    name: 'plugin host',
    argv: [go.path, 'build', ...flags, '-o', host, '.'],
    cwd: HOST_FOLDER,
    env: goEnvironment(go, {
      architecture: subject.request.architecture,
      toolchain: isOwn ? 'local' : `go${version}`,
      compiler: compiler.env,
      offline: isOwn,
    }),
    network: isOwn ? 'none' : 'registries',
    tools: [{ ...go, version }, compiler.tool],
    because: 'the Go that the plugin was built by',
    files: {
      [`${HOST_FOLDER}/main.go`]: await readFile(HOST_SOURCE, 'utf8'),
      // The oldest release whose build information names the build mode.
      [`${HOST_FOLDER}/go.mod`]: 'module packline/host\n\ngo 1.18\n',
    },
    failure: 'TOOL_MISSING',
  }
  return { stage, product: { from: host, to: '/packline/host' } }
}
