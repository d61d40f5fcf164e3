import { type ArchiveContent, openArchive } from '@packline/archive'
import { type BuildReport, type BuildRequest, type Failure, handlerOf } from '@packline/shared'
import type { BuildContext } from './context.ts'
import { startJournal } from './journal.ts'
import { writeReport } from './report.ts'
import { RUNTIMES } from './runtimes/registry.ts'
import { failureOf } from './steps/failure-of.ts'
import { archiveLimits } from './steps/unpack.ts'
import { validate } from './steps/validate.ts'
import { packageOf } from './steps/zip.ts'
import { openWorkbench } from './workbench.ts'

/** What the rules say of a finished package; `failure` where they refuse it. */
export interface CheckOutcome {
  report: BuildReport
  failure?: Failure
  cause?: unknown
}

/** Every rule and the load check on a package that exists already; changes and stores nothing. */
export async function checkPackage(
  content: ArchiveContent,
  digest: { size: number; sha256: string },
  request: BuildRequest,
  context: BuildContext,
): Promise<CheckOutcome> {
  const { profile, tools, signal } = context
  const order = { request, handler: handlerOf(request, profile), profile, tools }
  const journal = startJournal()
  const bench = openWorkbench(context, request.build.timeoutSeconds * 1000)
  try {
    const { entryNameEncoding } = request.build
    const limits = archiveLimits(order)
    const archive = await openArchive(content, { limits, entryNameEncoding, signal })
    bench.atEnd(() => archive.close())
    const packed = packageOf(archive, { content, ...digest }, archive.format, bench, signal)
    await validate(packed, RUNTIMES[request.runtime], order, context, bench, journal)
    return { report: writeReport(order, context, journal) }
  } catch (error) {
    signal.throwIfAborted()
    const report = writeReport(order, context, journal)
    return { report, failure: failureOf(error, journal), cause: error }
  } finally {
    await bench.close()
  }
}
