import type { BuildRequest, SourcePin } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import type { Journal } from '../journal.ts'
import { sourceOf } from '../sources/registry.ts'
import type { FetchedSource } from '../sources/source.ts'
import type { Workbench } from '../workbench.ts'

/** Brings the source here and pins it. */
export async function fetchSource(
  { source, build }: BuildRequest,
  context: BuildContext,
  bench: Workbench,
  journal: Journal,
): Promise<FetchedSource> {
  const fetched = await sourceOf(source).fetch(source, context, bench, build)
  journal.pin = fetched.pin
  // What was sent needs no telling; what a moving ref stood for does.
  const pin = shownOf(fetched.pin)
  if (pin !== undefined) context.reporter.event({ type: 'pinned', pin })
  return fetched
}

function shownOf(pin: SourcePin): string | undefined {
  if (pin.kind === 'git') return pin.commit
  return pin.kind === 'url' || pin.kind === 'object' ? pin.sha256 : undefined
}
