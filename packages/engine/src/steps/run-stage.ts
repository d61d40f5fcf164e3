import { rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { BuildContext } from '../context.ts'
import { BUILD } from '../package.ts'
import type { ToolResult } from '../process/command.ts'
import type { Stage } from '../runtimes/runtime.ts'
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
    access: accessOf(stage, context),
    binds: stage.tools.flatMap(({ binds }) => binds.map((path) => ({ from: path, to: path }))),
  })
}

/** The first of a stage's tools is the one that asks the registries. */
function accessOf({ network, tools: [tool] }: Stage, { registries }: BuildContext) {
  return network === 'none' || !tool ? undefined : registries.of(tool.name)
}

/** Code that an earlier stage ran may have put links there: nothing is written through one. */
async function writeFiles(stage: Stage, bench: Workbench): Promise<void> {
  for (const [path, text] of Object.entries(stage.files ?? {})) {
    const [, name = ''] = path.slice(BUILD.root.length).split('/')
    await bench.folder(name)
    const place = join(await bench.outside(dirname(path)), basename(path))
    await rm(place, { recursive: true, force: true })
    await writeFile(place, text, { flag: 'wx' })
  }
}
