import { readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { BuildContext } from '../context.ts'
import { BUILD } from '../package.ts'
import type { ToolResult } from '../process/command.ts'
import type { Stage } from '../runtimes/runtime.ts'
import type { Tool } from '../tools/tools.ts'
import type { Workbench } from '../workbench.ts'

/**
 * Announces a stage, writes its files and runs its command; how it ended is the caller's to judge.
 */
export async function runStage(
  stage: Stage,
  context: BuildContext,
  bench: Workbench,
): Promise<ToolResult> {
  context.reporter.event({ type: 'stage', stage: stage.name, command: stage.argv.join(' ') })
  await writeFiles(stage, bench)
  return bench.run({
    argv: stage.argv,
    cwd: stage.cwd ?? BUILD.source,
    env: stage.env ?? {},
    network: stage.network,
    cache: stage.cache,
    access: await accessOf(stage, context, bench),
    binds: stage.tools.flatMap(({ binds }) => binds.map((path) => ({ from: path, to: path }))),
  })
}

/** The first of a stage's tools is the one that asks the registries, those of the others too. */
async function accessOf(
  { network, tools, access }: Stage,
  { registries, isolation }: BuildContext,
  bench: Workbench,
) {
  const [tool] = tools
  if (network === 'none' || !tool) return undefined
  const asks = await Promise.all(tools.map((one) => asksOf(one, bench)))
  return registries.of({ name: access ?? tool.name, asks: asks.flat() }, isolation.kind)
}

/** Yarn's programs, of megabytes, name no other address of this form but npm's. */
const REGISTRY = /https:\/\/registry\.[a-z]+\.(?:com|org)\b/g

async function asksOf({ asks = [], asksIn }: Tool, bench: Workbench): Promise<string[]> {
  if (asksIn === undefined) return [...asks]
  const text = await readFile(await bench.outside(asksIn), 'latin1')
  return [...new Set([...asks, ...(text.match(REGISTRY) ?? [])])]
}

/** Code that an earlier stage ran may have put links there: nothing is written through one. */
async function writeFiles(stage: Stage, bench: Workbench): Promise<void> {
  for (const [path, text] of Object.entries(stage.files ?? {})) {
    await bench.folder(folderOf(path))
    const place = join(await bench.outside(dirname(path)), basename(path))
    await rm(place, { recursive: true, force: true })
    await writeFile(place, text, { flag: 'wx', mode: text.startsWith('#!') ? 0o755 : 0o644 })
  }
}

/** Those of the source are there already: none is made where a link of it leads. */
function folderOf(path: string): string {
  const inside = dirname(path).slice(BUILD.root.length + 1)
  return inside.startsWith('source/') ? 'source' : inside
}
