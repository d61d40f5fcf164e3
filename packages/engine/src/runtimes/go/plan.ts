import { PacklineError } from '@packline/shared'
import { BUILD } from '../../package.ts'
import { missing, type Tool } from '../../tools/tools.ts'
import type { Tree } from '../../tree.ts'
import type { Order, Stage } from '../runtime.ts'
import { type Compiler, findCompiler } from './compiler.ts'
import { buildFlags, goEnvironment } from './environment.ts'
import { entryOf, type Form, formOf, initializerOf } from './form.ts'
import { checkSymbol, findMainPackage, type MainPackage } from './main-package.ts'
import { isNewer, type Module, nameOfModule, readModule, toolchainOf } from './module.ts'

/** Prints each module that the build needs, once per package. */
const MODULES = '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}'

/** What the stages of one plan share. */
interface Work {
  order: Order
  form: Form
  main: MainPackage
  module: Module | undefined
  toolchain: { name: string; version: string; because: string }
  compiler: Compiler | undefined
}

/**
 * Fetch the modules that the main package needs, then compile it without network. The first stage
 * falls away where nothing is to be fetched. Throws ENTRY_MISSING, TOOL_MISSING, INVALID_REQUEST.
 */
export async function plan(tree: Tree, order: Order): Promise<readonly Stage[]> {
  const go = toolOf(order)
  const form = formOf(order)
  const module = await readModule(tree)
  const main = await findMainPackage(tree, form.kind === 'http' ? undefined : form.name)
  if (form.kind === 'plugin') checkSymbols(main, form.symbol, order)
  const toolchain = chooseToolchain(go, module, form, order)
  const compiler = needsCompiler(form, main) ? findCompiler(order) : undefined
  const work: Work = { order, form, main, module, toolchain, compiler }
  const [first, ...rest] = [...fetchStages(work), buildStage(work, outputName(tree, form, module))]
  if (!first) return []
  // The first stage writes it, and may add to it what the code imports.
  return [module ? first : { ...first, files: generatedModule(work) }, ...rest]
}

function toolOf({ tools }: Order): Tool {
  if (tools.go) return tools.go
  const { what, mend } = missing('go')
  throw new PacklineError('TOOL_MISSING', what, { hint: mend })
}

function checkSymbols(main: MainPackage, symbol: string, order: Order): void {
  checkSymbol(main, symbol)
  const initializer = initializerOf(order)
  if (initializer !== undefined) checkSymbol(main, initializer)
}

/** The worker's own Go, unless the plugin host's or the module's line asks for another. */
function chooseToolchain(
  go: Tool,
  module: Module | undefined,
  form: Form,
  { profile }: Order,
): Work['toolchain'] {
  const { host } = profile.go
  if (form.kind === 'plugin' && host !== undefined && host !== go.version) {
    const because = `the platform's plugin host is Go ${host}, this worker has Go ${go.version}`
    return { name: `go${host}`, version: host, because }
  }
  if (module?.go !== undefined && isNewer(module.go, go.version)) {
    const name = toolchainOf(module.go)
    const because = `go.mod asks for Go ${module.go}, this worker has Go ${go.version}`
    return { name, version: name.slice(2), because }
  }
  return { name: 'local', version: go.version, because: "the worker's own" }
}

/** A plugin is loaded by a C program's loader; other code needs C only where it says so. */
function needsCompiler(form: Form, main: MainPackage): boolean {
  return form.kind === 'plugin' || main.files.some(({ outline }) => outline.imports.includes('C'))
}

/** Where the source brings its own bootstrap, the executable is called as `go build` would. */
function outputName(tree: Tree, form: Form, module: Module | undefined): string {
  if (form.kind !== 'http' || !tree.find('bootstrap')) return entryOf(form)
  const name = nameOfModule(module?.path ?? 'main')
  return name === 'bootstrap' ? 'main' : name
}

function fetchStages(work: Work): Stage[] {
  const { module, main, toolchain } = work
  const flags = module?.locked ? [] : ['-mod=mod']
  if (!module?.vendored && (module?.requires || importsOthers(main, module))) {
    const modules = module?.locked ? 'modules by go.sum' : 'there is no go.sum'
    const because = `${toolchain.because}; ${modules}`
    const argv = ['list', ...flags, '-deps', '-f', MODULES, target(main)]
    return [stage(work, 'go modules', argv, because)]
  }
  if (toolchain.name === 'local') return []
  return [stage(work, 'go toolchain', ['version'], toolchain.because)]
}

/** Without a go.mod that says so, what is imported tells whether modules are needed. */
function importsOthers(main: MainPackage, module: Module | undefined): boolean {
  const own = (path: string) => path === module?.path || path.startsWith(`${module?.path}/`)
  const imports = main.files.flatMap(({ outline }) => outline.imports)
  // The first part of a path that is fetched is a host's name; the standard library's has no dot.
  return imports.some((path) => path.split('/')[0]?.includes('.') && !own(path))
}

function buildStage(work: Work, name: string): Stage {
  const { order, form, main, module, compiler, toolchain } = work
  const argv = [
    'build',
    ...buildFlags(order.profile),
    ...(module?.vendored ? ['-mod=vendor'] : []),
    ...(form.kind === 'plugin' ? ['-buildmode=plugin'] : []),
    '-o',
    `${BUILD.output}/${name}`,
    target(main),
  ]
  const because = compiler ? `${toolchain.because}; C by ${compiler.because}` : toolchain.because
  return { ...stage(work, 'go build', argv, because), network: 'none', failure: 'COMPILE_FAILED' }
}

/** A stage that fetches; the build differs from it in network and failure. */
function stage(work: Work, name: string, argv: readonly string[], because: string): Stage {
  const { order, compiler, toolchain } = work
  const go = toolOf(order)
  const offline = name === 'go build'
  return {
    name,
    argv: [go.path, ...argv],
    env: goEnvironment(go, {
      architecture: order.request.architecture,
      toolchain: toolchain.name,
      compiler: compiler?.env,
      offline,
    }),
    network: 'registries',
    tools: [{ ...go, version: toolchain.version }, ...(compiler ? [compiler.tool] : [])],
    because,
    failure: 'INSTALL_FAILED',
  }
}

/** For code without a go.mod; not named after the function: equal code makes equal packages. */
function generatedModule({ form, toolchain }: Work): Record<string, string> {
  const language = toolchain.version.split('.').slice(0, 2).join('.')
  const name = form.kind === 'http' ? 'main' : form.name
  return { [`${BUILD.source}/go.mod`]: `module function/${name}\n\ngo ${language}\n` }
}

function target({ folder }: MainPackage): string {
  return folder === '' ? '.' : `./${folder}`
}
