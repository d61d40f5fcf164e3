import { type PackageEntry, unpackArchive } from '@packline/archive'
import { FAILURES, type Finding, PacklineError } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import { folderTree } from '../folder-tree.ts'
import type { Journal } from '../journal.ts'
import { memoryTree } from '../memory-tree.ts'
import { BUILD, type Made } from '../package.ts'
import type { ToolResult } from '../process/command.ts'
import type { Order, Runtime, Stage } from '../runtimes/runtime.ts'
import type { Tree } from '../tree.ts'
import type { Workbench } from '../workbench.ts'
import { openAttached } from './attach.ts'
import type { Chosen } from './choose.ts'
import { runStage } from './run-stage.ts'
import { dependenciesOf, splitOf } from './take-apart.ts'

/** What is zipped next; `untouched`: a finished package of which nothing had to be mended. */
export interface MadePackage extends Made {
  untouched: boolean
  /** What `build.split` puts into a package of its own. */
  split?: readonly PackageEntry[]
}

/** Runs the runtime's plan and collects what goes into the package. */
export async function make(
  chosen: Chosen,
  order: Order,
  context: BuildContext,
  bench: Workbench,
  journal: Journal,
): Promise<MadePackage> {
  if (chosen.as === 'package') return takeFinished(chosen, order, journal)
  const { runtime } = chosen
  const stages = await runtime.plan(chosen.tree, order)
  if (stages.length === 0) {
    return finished(await runtime.collect(chosen.tree, memoryTree([]), order), order, journal)
  }
  await chosen.tree.moveTo(await bench.folder('source'))
  if (stages.some(({ argv }) => argv.some((text) => text.includes(BUILD.attached)))) {
    await layOutForTools(order, context, bench)
  }
  for (const stage of stages) await carryOut(stage, runtime, context, bench, journal)
  const [source, output] = await Promise.all([treeOf('source', bench), treeOf('output', bench)])
  return finished(await runtime.collect(source, output, order), order, journal)
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

function finished(made: Made, { request }: Order, journal: Journal): MadePackage {
  journal.findings.push(...(made.findings ?? []))
  if (request.type === 'dependency') return { ...dependenciesOf(made, request), untouched: false }
  if (!request.build.split) return { ...made, untouched: false }
  const parts = splitOf(made)
  if (parts) return { ...parts.made, split: parts.split, untouched: false }
  journal.findings.push(notSplit('nothing was installed for it'))
  return { ...made, untouched: false }
}

function notSplit(why: string): Finding {
  return {
    rule: 'dependency-package',
    level: 'note',
    message: `the package was not split: ${why}`,
    hint: 'Hand in the source with its manifest, or leave build.split out.',
  }
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
  const error = runtime.explain(stage, result) ?? stageFailed(stage, result)
  if (!stage.otherwise || FAILURES[error.code].blame === 'platform') throw error
  await carryOut(stage.otherwise, runtime, context, bench, journal)
}

function stageFailed(stage: Stage, result: ToolResult): PacklineError {
  const how =
    result.exitCode === null ? `was ended by ${result.signal}` : `exited ${result.exitCode}`
  return new PacklineError(stage.failure, `${stage.name} ${how}`, { output: result.output })
}

function remember(stage: Stage, journal: Journal): void {
  for (const { name, version } of stage.tools) {
    if (journal.tools.some((known) => known.name === name)) continue
    journal.tools.push({ name, version, because: stage.because })
  }
}

/** Rule file-modes and unwrapping, on a package that was handed in finished. */
function takeFinished(
  { tree, runtime, unwrapped }: Chosen,
  order: Order,
  journal: Journal,
): MadePackage {
  const mended: string[] = []
  const encoding = order.request.build.entryNameEncoding
  if (encoding !== undefined) mended.push(`names written as UTF-8, read as ${encoding}`)
  if (unwrapped !== undefined) mended.push(`taken out of the folder ${unwrapped}`)
  const started = startedFile(order)
  const entries = tree.files.map((file) => {
    const entry = tree.entry(file)
    if (file.path !== started || file.executable || entry.kind === 'link') return entry
    mended.push(`${started} made executable`)
    return { ...entry, executable: true }
  })
  journal.mended.push(...mended)
  if (order.request.build.split) journal.findings.push(notSplit('it was handed in finished'))
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
