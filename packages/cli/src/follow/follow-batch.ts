import type { Client } from '@packline/client'
import {
  type BatchCounts,
  type BatchView,
  type BuildView,
  type Failure,
  failureInLanguage,
  isTerminal,
} from '@packline/shared'
import { failureText, type Progress, resultTable, showProgress } from '@packline/terminal'
import { exitCodeOfFailure } from '../exit-code.ts'
import { inCommands } from '../in-options.ts'
import { row } from '../rows.ts'
import { everyPage } from '../server/every-page.ts'
import type { Terminal } from '../terminal.ts'
import { progressOf } from './follow-build.ts'
import { resumable } from './resumable.ts'
import { exitCodeOfBuild } from './tell-outcome.ts'

/** Running builds whose steps are shown, each by a stream of its own; of more only the state. */
const STREAMS_MAX = 16
/** Failures that are told in full; the table has all of them by their codes. */
const FAILURES_MAX = 20
const COLUMNS_DEFAULT = 120

interface Asked {
  id: string
  builds: readonly string[]
}

/** Watches a batch to its last build and tells what came of each: the exit code. */
export async function followBatch(
  terminal: Terminal,
  client: Client,
  { id, builds }: Asked,
  { json }: { json?: boolean },
): Promise<number> {
  const names = new Map((await ofBatch(client, id)).map((build) => [build.id, build.function]))
  await resumable(terminal, `packline status ${id}`, async () => {
    if (json) await Array.fromAsync(client.batchEvents(id, terminal.signal))
    else await showBatch(terminal, client, id, names)
  })
  const all = await ofBatch(client, id)
  const ended = new Map(all.map((build) => [build.id, build]))
  // Builds of a repository were not known when the batch was asked for.
  const found =
    builds.length > 0 ? builds.flatMap((build) => ended.get(build) ?? []) : all.toReversed()
  const batch = await client.batch(id)
  tell(terminal, batch, found, json)
  if (batch.failure) return exitCodeOfFailure(batch.failure)
  return batch.cancelReason === undefined ? exitCodeOfBatch(found) : 1
}

function ofBatch(client: Client, batch: string): Promise<BuildView[]> {
  return everyPage((page) => client.builds({ batch, ...page }))
}

async function showBatch(
  { stderr, signal }: Terminal,
  client: Client,
  id: string,
  names: Map<string, string>,
): Promise<void> {
  const progress = showProgress(stderr)
  try {
    await watch(client, id, names, progress, signal)
  } finally {
    progress.close()
  }
}

async function watch(
  client: Client,
  id: string,
  names: Map<string, string>,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const watched = new Map<string, Promise<void>>()
  let open = 0
  for await (const { build, state, counts } of client.batchEvents(id, signal)) {
    progress.total(counts.total - counts.queued - counts.running, counts.total, inShort(counts))
    if (build === undefined) continue
    const name = names.get(build) ?? (await client.build(build)).function
    names.set(build, name)
    if (state === 'running' && open < STREAMS_MAX && !watched.has(build)) {
      open += 1
      const shown = progressOf(client, { id: build, name }, progress, signal).finally(() => {
        open -= 1
      })
      // Its failure is met below, when all have ended.
      shown.catch(() => undefined)
      watched.set(build, shown)
    }
    // Who has, or had, a stream of its own says more by it, also how it ended.
    if (!watched.has(build)) {
      if (isTerminal(state)) progress.end(name, state)
      else progress.say(name, state)
    }
  }
  await Promise.all(watched.values())
}

function inShort({ running, failed, cancelled }: BatchCounts): string {
  const parts = [
    [running, 'running'],
    [failed, 'failed'],
    [cancelled, 'cancelled'],
  ] as const
  return parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`])).join(', ')
}

function tell(
  { stdout, stderr, language }: Terminal,
  batch: BatchView,
  builds: readonly BuildView[],
  json: boolean | undefined,
): void {
  if (json) {
    stdout.write(`${JSON.stringify({ batch, builds })}\n`)
    return
  }
  const rows = builds.map((build) => {
    const runtime = `${build.runtime} ${build.version}`
    return { name: build.function, runtime, build }
  })
  if (rows.length === 0) stderr.write(`${row('no builds', noBuilds(batch))}\n`)
  else stdout.write(`${resultTable(rows, { columns: stdout.columns ?? COLUMNS_DEFAULT })}\n`)
  if (batch.failure) {
    stderr.write(`\n${failureText('The repository', inOurWords(batch.failure, language))}\n`)
  }
  for (const { function: name, failure } of builds
    .filter(({ failure }) => failure)
    .slice(0, FAILURES_MAX)) {
    if (failure) stderr.write(`\n${failureText(name, inOurWords(failure, language))}\n`)
  }
}

/** Most are of manifests; of others no option is at hand, either. */
function inOurWords(failure: Failure, language: Terminal['language']): Failure {
  const told = failureInLanguage(failure, language)
  return { ...told, ...(told.hint !== undefined && { hint: inCommands(told.hint) }) }
}

function noBuilds({ failure, cancelReason }: BatchView): string {
  if (failure) return 'the repository could not be read'
  if (cancelReason !== undefined) return `cancelled before its repository was read: ${cancelReason}`
  return 'nothing that was asked for has changed'
}

/** 0 when all succeeded; what all that did not have in common, else 1. */
function exitCodeOfBatch(builds: readonly BuildView[]): number {
  const codes = new Set(builds.map(exitCodeOfBuild))
  codes.delete(0)
  const [first = 0] = codes
  return codes.size > 1 ? 1 : first
}
