import { type BuildRequest, RUNTIME_NAMES, type SourceKind } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import type { Journal } from '../journal.ts'
import { type LeftOut, leftOutBy, leftOutOf, pathsOut } from '../left-out.ts'
import { RUNTIMES } from '../runtimes/registry.ts'
import type { Detection, Order, Runtime } from '../runtimes/runtime.ts'
import { takenAs } from '../texts/told.ts'
import { type Tree, wrappingFolder } from '../tree.ts'

/** The tree as it will be made, and by which runtime. */
export interface Chosen {
  runtime: Runtime
  tree: Tree
  as: 'source' | 'package'
  leftOut: LeftOut
  /** The folder that was taken off, when there was one. */
  unwrapped?: string
}

/** Rule source-or-package: the request says what a source is, else its files do. */
export async function chooseRuntime(
  tree: Tree,
  order: Order,
  context: BuildContext,
  journal: Journal,
): Promise<Chosen> {
  const { request } = order
  const runtime = RUNTIMES[request.runtime]
  const inner = await unwrappable(tree, runtime, order)
  const detection = (await runtime.detect(inner?.tree ?? tree)) ?? { because: 'the request' }
  const decided = decide(request, detection, journal)
  const unwrap = request.build.unwrap ?? decided.as === 'source'
  journal.detection = detection
  journal.as = decided
  const { because } = detection
  context.reporter.event({ type: 'detected', runtime: runtime.id, because, as: decided.as })
  const taken = inner && unwrap ? inner.tree : tree
  // A finished package is passed on as it is; a source starts without what no build needs.
  const isSource = decided.as === 'source'
  const leftOut = isSource ? await leftOutOf(taken, request.build) : leftOutBy('', request.build)
  return {
    runtime,
    tree: isSource ? taken.without(await pathsOut(leftOut.ofSource, taken.files)) : taken,
    as: decided.as,
    leftOut,
    unwrapped: inner && unwrap ? inner.folder : undefined,
  }
}

/** Every runtime that a tree could be of, for the command line's own detection. */
export async function detectRuntimes(
  tree: Tree,
): Promise<{ runtime: Runtime; detection: Detection }[]> {
  const asked = RUNTIME_NAMES.map(async (name) => {
    const detection = await RUNTIMES[name].detect(tree)
    return detection ? [{ runtime: RUNTIMES[name], detection }] : []
  })
  return (await Promise.all(asked)).flat()
}

/** A single wrapping folder counts only where the runtime finds nothing at the root itself. */
async function unwrappable(tree: Tree, runtime: Runtime, order: Order) {
  const folder = wrappingFolder(tree.files)
  if (folder === undefined || (await belongsHere(tree, runtime, order))) return undefined
  const inner = await tree.below(folder)
  return (await belongsHere(inner, runtime, order)) ? { folder, tree: inner } : undefined
}

async function belongsHere(tree: Tree, runtime: Runtime, order: Order): Promise<boolean> {
  // The files of a module come to the root when it is made.
  const { module } = order.request.build
  const entries = module === undefined ? runtime.entries(order) : []
  if (entries.length > 0) return entries.some((entry) => tree.find(entry) !== undefined)
  return (await runtime.detect(tree)) !== undefined
}

/** Kinds whose archives may be finished packages. */
const ARCHIVES: ReadonlySet<SourceKind> = new Set(['upload', 'url', 'object', 'draft'])

function decide(
  request: BuildRequest,
  detection: Detection,
  { pin }: Journal,
): NonNullable<Journal['as']> {
  const { as } = request.source
  if (as !== undefined) return { as, because: takenAs.asked() }
  if (request.build.command) return { as: 'source', because: takenAs.byCommand() }
  if (request.build.bundle) return { as: 'source', because: takenAs.forBundle() }
  if (!ARCHIVES.has(request.source.kind))
    return { as: 'source', because: takenAs.kind(request.source.kind) }
  if (pin?.kind === 'url' && pin.format === 'tar.gz')
    return { as: 'source', because: takenAs.tarball() }
  if (detection.finished) return { as: 'package', because: takenAs.finished(detection.finished) }
  const compiled = request.runtime === 'java' || request.runtime === 'go'
  if (!compiled && !detection.declares) return { as: 'package', because: takenAs.declaresNothing() }
  return { as: 'source', because: takenAs.file(detection.declares ?? detection.because) }
}
