import type { BuildReport, BuildRequest, Failure } from '@packline/shared'
import { handlerOf } from '@packline/shared'
import type { BuildContext } from './context.ts'
import { startJournal } from './journal.ts'
import { writeReport } from './report.ts'
import type { Order } from './runtimes/runtime.ts'
import { guarded } from './secrets/guard.ts'
import { chooseRuntime } from './steps/choose.ts'
import { failureOf } from './steps/failure-of.ts'
import { fetchSource } from './steps/fetch.ts'
import { make } from './steps/make.ts'
import { stepper } from './steps/step.ts'
import { type Stored, store } from './steps/store.ts'
import { unpack } from './steps/unpack.ts'
import { validate } from './steps/validate.ts'
import { zip } from './steps/zip.ts'
import { openWorkbench } from './workbench.ts'

/** How a build ended; a failure carries its cause for the log. */
export type BuildOutcome =
  | ({ status: 'succeeded'; report: BuildReport } & Stored)
  | { status: 'failed'; failure: Failure; report: BuildReport; cause: unknown }

/**
 * Makes a package from a source. Never throws but when the signal aborts: then the signal's reason.
 * Nothing is left behind but the stored package.
 */
export async function buildPackage(
  request: BuildRequest,
  given: BuildContext,
): Promise<BuildOutcome> {
  const context = guarded(request, given)
  const { profile, tools } = context
  const order: Order = { request, handler: handlerOf(request, profile), profile, tools }
  const journal = startJournal()
  const bench = openWorkbench(context, request.build.timeoutSeconds * 1000)
  const step = stepper(journal, context)
  try {
    const fetched = await step('fetch', () => fetchSource(request, context, bench, journal))
    const tree = await step('unpack', () => unpack(fetched, order, context, bench))
    const chosen = await step('detect', () => chooseRuntime(tree, order, context, journal))
    const placed: Order = { ...order, around: fetched.around }
    const made = await step('make', () => make(chosen, placed, context, bench, journal))
    const packed = await step('zip', () => zip(made, fetched, request, context, bench, journal))
    await step('validate', () => validate(packed, chosen.runtime, order, context, bench, journal))
    const stored = await step('store', () => store(packed, order, context))
    return {
      status: 'succeeded',
      ...stored,
      report: writeReport(order, context, journal, stored.package),
    }
  } catch (error) {
    context.signal.throwIfAborted()
    const failure = failureOf(error, journal)
    return { status: 'failed', failure, report: writeReport(order, context, journal), cause: error }
  } finally {
    await bench.close()
  }
}
