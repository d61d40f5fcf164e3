import { type BatchView, type BuildView, buildInLanguage, type Failure } from '@packline/shared'
import { size } from '@packline/terminal'
import { failureText } from '../error-text.ts'
import { outputRows, row } from '../rows.ts'
import { serverOf } from '../server/find-server.ts'
import { isBatch } from '../server/is-batch.ts'
import type { Terminal } from '../terminal.ts'

/** `packline status`: how a build or a batch stands. */
export async function status(
  terminal: Terminal,
  id: string,
  options: { json?: boolean },
): Promise<number> {
  const client = await serverOf(terminal)
  const found = isBatch(id) ? await client.batch(id) : await client.build(id)
  const told = buildInLanguage(found, terminal.language)
  const text = 'counts' in told ? batchText(told) : buildText(told)
  terminal.stdout.write(`${options.json ? JSON.stringify(found) : text}\n`)
  return 0
}

/** A build in one screen: what it is, how far, and what came of it. */
function buildText(build: BuildView): string {
  const { id, state, package: made, verdict, failure } = build
  const rows = [
    row('build', id),
    row(build.kind === 'function' ? 'function' : 'libraries', build.function),
    row('runtime', `${build.runtime} ${build.version}`),
    row('state', build.waitingFor ? `${state}, waits for ${build.waitingFor}` : state),
    row('asked', build.createdAt),
  ]
  if (build.startedAt) rows.push(row('begun', `${build.startedAt}, attempt ${build.attempt}`))
  if (build.finishedAt) rows.push(row('ended', build.finishedAt))
  if (build.batch) rows.push(row('batch', build.batch))
  if (build.retryOf) rows.push(row('retry of', build.retryOf))
  if (build.push) rows.push(row('push', `${build.push.ref}, told to the hook ${build.push.hook}`))
  if (made) {
    rows.push(
      row('package', made.address),
      ...(made.deployFrom === undefined ? [] : [row('deploy', made.deployFrom)]),
      row('size', size(made.size)),
      row('sha256', made.sha256),
    )
  }
  if (verdict) rows.push(row('verdict', `${verdict.verdict}: ${verdict.because}`))
  if (build.cancelReason) rows.push(row('cancelled', build.cancelReason))
  if (failure) rows.push(...failureRows(failure))
  return rows.join('\n')
}

/** Nothing of the tool's own was shown before. */
function failureRows(failure: Failure): string[] {
  return [failureText(failure), ...outputRows(failure.output)]
}

function batchText(batch: BatchView): string {
  const { id, createdAt, counts, finished, expanding, failure, cancelReason } = batch
  const { total, ...states } = counts
  const said = Object.entries(states).flatMap(([state, count]) =>
    count === 0 ? [] : [`${count} ${state}`],
  )
  return [
    row('batch', id),
    row('asked', createdAt),
    row('builds', `${total}: ${said.join(', ') || 'none'}`),
    row('state', finished ? 'finished' : 'running'),
    ...(expanding ? [row('waits', 'its repository has still to be read')] : []),
    ...(cancelReason ? [row('cancelled', cancelReason)] : []),
    ...(failure ? failureRows(failure) : []),
  ].join('\n')
}
