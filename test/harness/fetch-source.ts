import { buildOptionsSchema, type SourcePin, type SourceSpec } from '@packline/shared'
import type { BuildContext } from '../../packages/engine/src/context.ts'
import { sourceOf } from '../../packages/engine/src/sources/registry.ts'
import type { FetchedSource } from '../../packages/engine/src/sources/source.ts'
import { openWorkbench, type Workbench } from '../../packages/engine/src/workbench.ts'
import { contextIn, type Told } from './context.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** What a source gave, and what it told while it was fetched. */
export interface Fetched {
  source: FetchedSource
  told: Told
  pins: SourcePin[]
}

/** Fetches a source as a build would; `look` sees it before the build's scratch goes. */
export async function fetchedBy<T>(
  spec: SourceSpec,
  given: Partial<BuildContext>,
  look: (fetched: Fetched, bench: Workbench) => Promise<T>,
): Promise<T> {
  const pins: SourcePin[] = []
  const context = await contextIn(temporaryFolder(), given)
  const pin = async (one: SourcePin) => {
    pins.push(one)
    await context.reporter.pin(one)
  }
  const own = { ...context, reporter: { ...context.reporter, pin } }
  const bench = openWorkbench(own, 10_000)
  try {
    const build = buildOptionsSchema.parse({})
    const source = await sourceOf(spec).fetch(spec, own, bench, build)
    return await look({ source, told: context.told, pins }, bench)
  } finally {
    await bench.close()
  }
}
