import { type PackageEntry, unpackArchive } from '@packline/archive'
import { FAILURES, type Finding, failed, type PacklineError, type Words } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import { finding } from '../finding.ts'
import { folderTree } from '../folder-tree.ts'
import { recordedFiles } from '../installed-files.ts'
import type { Journal } from '../journal.ts'
import { type LeftOut, pathsOut } from '../left-out.ts'
import { memoryTree } from '../memory-tree.ts'
import { BUILD, type Made } from '../package.ts'
import type { ToolResult } from '../process/command.ts'
import type { Order, Runtime, Stage } from '../runtimes/runtime.ts'
import { dependencyPackageTexts, NOT_SPLIT } from '../texts/dependency-package.ts'
import { processFailures } from '../texts/failures/process.ts'
import { mendings } from '../texts/told.ts'
import { warning, warnings } from '../texts/warnings.ts'
import type { Tree } from '../tree.ts'
import { listed } from '../words.ts'
import type { Workbench } from '../workbench.ts'
import { openAttached } from './attach.ts'
import type { Chosen } from './choose.ts'
import { withRefused } from './refused.ts'
import { runStage } from './run-stage.ts'
import { dependenciesOf, splitOf } from './take-apart.ts'

/** What is zipped next; `untouched`: a finished package of which nothing had to be mended. */
export interface MadePackage extends Made {
  untouched: boolean
  /** What `build.split` puts into a package of its own. */
  split?: readonly PackageEntry[]
  /** Paths that an installer wrote: not the user's own code. */
  installed?: ReadonlySet<string>
}

/** Paths that one line of the report names. */
const LISTED_MAX = 5

/** Runs the runtime's plan and collects what goes into the package. */
export async function make(
  chosen: Chosen,
  order: Order,
  context: BuildContext,
  bench: Workbench,
  journal: Journal,
): Promise<MadePackage> {
  if (chosen.as === 'package') return takeFinished(chosen, order, journal)
  const { runtime, leftOut } = chosen
  const stages = await runtime.plan(chosen.tree, order)
  if (stages.length === 0) {
    const nothing = memoryTree([])
    const collected = await runtime.collect(chosen.tree, nothing, order)
    return finished(collected, nothing, leftOut, order, journal)
  }
  await chosen.tree.moveTo(await bench.folder('source'))
  if (stages.some(({ argv }) => argv.some((text) => text.includes(BUILD.attached)))) {
    await layOutForTools(order, context, bench)
  }
  for (const stage of stages) await carryOut(stage, runtime, context, bench, journal)
  const [source, output] = await Promise.all([treeOf('source', bench), treeOf('output', bench)])
  return finished(await runtime.collect(source, output, order), output, leftOut, order, journal)
}

/** The checks read them anew afterwards, as tools may write where these lie. */
async function layOutForTools(
  order: Order,
  context: BuildContext,
  bench: Workbench,
): Promise<void> {
  for (const { name, archive } of await openAttached(order, context, bench)) {
    const folder = await bench.folder(`attached/${name}`)
    await unpackArchive(archive, folder, { signal: context.signal })
  }
}

async function finished(
  collected: Made,
  output: Tree,
  leftOut: LeftOut,
  { request }: Order,
  journal: Journal,
): Promise<MadePackage> {
  journal.findings.push(...(collected.findings ?? []))
  const out = await pathsOut(leftOut.ofPackage, collected.entries)
  const made = { ...collected, entries: collected.entries.filter(({ path }) => !out.has(path)) }
  const recorded = await recordedFiles(output.files, output.read)
  const installed = new Set([...(made.installed ?? []), ...recorded])
  const common = { untouched: false, installed }
  if (request.type === 'dependency') return { ...dependenciesOf(made, request), ...common }
  if (!request.build.split) return { ...made, ...common }
  const parts = splitOf(made)
  if (parts) return { ...parts.made, split: parts.split, ...common }
  journal.findings.push(notSplit(NOT_SPLIT.nothingInstalled))
  return { ...made, ...common }
}

function notSplit(why: Words): Finding {
  return finding('dependency-package', 'note', dependencyPackageTexts.notSplit(why))
}

async function treeOf(name: string, bench: Workbench): Promise<Tree> {
  return folderTree(await bench.folder(name))
}

async function carryOut(
  stage: Stage,
  runtime: Runtime,
  context: BuildContext,
  bench: Workbench,
  journal: Journal,
): Promise<void> {
  remember(stage, journal)
  const result = await runStage(stage, context, bench)
  if (result.exitCode === 0) return
  const found = runtime.explain(stage, result)
  const error = withRefused(found, stage, result) ?? found ?? stageFailed(stage, result)
  const { failure, otherwise } = stage
  if (!otherwise || error.code !== failure || FAILURES[failure].blame === 'platform') throw error
  context.reporter.event(warning(warnings.otherwise(error, titleOf(otherwise))))
  const because = `${otherwise.because}: ${error.message}`
  await carryOut({ ...otherwise, because }, runtime, context, bench, journal)
}

function titleOf({ name, tools: [tool] }: Stage): string {
  return tool ? `${tool.name} ${tool.version}` : name
}

function stageFailed(stage: Stage, result: ToolResult): PacklineError {
  const { exitCode, signal, output } = result
  const said =
    exitCode === null
      ? processFailures.ended(stage.name, signal)
      : processFailures.exited(stage.name, exitCode)
  return failed(stage.failure, said, { output })
}

function remember(stage: Stage, journal: Journal): void {
  if (stage.network === 'registries') journal.online.push(stage.name)
  for (const { name, version } of stage.tools) {
    if (journal.tools.some((known) => known.name === name)) continue
    journal.tools.push({ name, version, because: stage.because })
  }
}

/** Rule file-modes and unwrapping, on a package that was handed in finished. */
async function takeFinished(
  { tree, runtime, unwrapped, leftOut }: Chosen,
  order: Order,
  journal: Journal,
): Promise<MadePackage> {
  const mended: Words[] = []
  const encoding = order.request.build.entryNameEncoding
  if (encoding !== undefined) mended.push(mendings.names(encoding))
  if (unwrapped !== undefined) mended.push(mendings.unwrapped(unwrapped))
  const out = await pathsOut(leftOut.ofFinished, tree.files)
  if (out.size > 0) mended.push(mendings.leftOut(listed([...out], LISTED_MAX)))
  const started = startedFile(order)
  const kept = tree.files.filter(({ path }) => !out.has(path))
  const entries = kept.map((file) => {
    const entry = tree.entry(file)
    if (file.path !== started || file.executable || entry.kind === 'link') return entry
    mended.push(mendings.executable(started))
    return { ...entry, executable: true }
  })
  journal.mended.push(...mended)
  if (order.request.build.split) journal.findings.push(notSplit(NOT_SPLIT.finished))
  const jar = runtime.id === 'java' && tree.find('META-INF/MANIFEST.MF') !== undefined
  return { format: jar ? 'jar' : 'zip', entries, untouched: mended.length === 0 }
}

/**
 * What the platform starts as a program: a ZIP made on Windows or in a browser has no such mode.
 */
function startedFile({ request, handler }: Order): string | undefined {
  if (request.type === 'http' || request.runtime === 'custom') return 'bootstrap'
  return handler?.form === 'file' ? handler.file : undefined
}
