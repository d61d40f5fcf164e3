import { join } from 'node:path'
import { packlineClient } from '@packline/client'
import { DEFAULT_PROFILE, loadProfile } from '@packline/profiles'
import { failureText, type Row, resultTable, showProgress } from '@packline/terminal'
import { readExamples } from './examples.ts'
import type { Line } from './line.ts'
import { runExamples, surprises } from './run-examples.ts'

/** Where there is no terminal to ask, such as a file. */
const COLUMNS_DEFAULT = 120

export interface PackOptions {
  root: string
  key: string
  output: NodeJS.WriteStream
  signal: AbortSignal
}

/** Packages the clone's examples, shows how, and answers whether all ended as they should. */
export async function packExamples(
  { url, view }: Pick<Line, 'url' | 'view'>,
  { root, key, output, signal }: PackOptions,
): Promise<boolean> {
  const say = (text: string) => output.write(`${text}\n`)
  const [examples, profile] = await Promise.all([
    readExamples(join(root, 'examples')),
    loadProfile(DEFAULT_PROFILE),
  ])
  say(`\npackaging ${examples.length} examples as one batch\n`)
  const progress = showProgress(output)
  const rows = await runExamples(examples, {
    client: packlineClient({ url, key }),
    versionOf: ({ request }) => request.version ?? profile.runtimes[request.runtime]?.default ?? '',
    lacks: view.lacks,
    progress,
    signal,
  }).finally(() => progress.close())
  const columns = output.columns ?? COLUMNS_DEFAULT
  say(`\n${resultTable(rows, { root, columns })}`)
  for (const { name, build } of rows) {
    if (build?.failure) say(`\n${failureText(name, build.failure)}`)
  }
  const unexpected = surprises(rows, examples)
  say(`\n${summary(rows)}: ${remark(rows, unexpected)}`)
  for (const line of unexpected) say(`  ${line}`)
  return unexpected.length === 0
}

function summary(rows: readonly Row[]): string {
  const count = (test: (row: Row) => boolean) => rows.filter(test).length
  return [
    `${count(({ build }) => build?.state === 'succeeded')} packaged`,
    `${count(({ build }) => build !== undefined && build.state !== 'succeeded')} failed`,
    `${count(({ build }) => build === undefined)} not built`,
  ].join(', ')
}

function remark(rows: readonly Row[], unexpected: readonly string[]): string {
  if (unexpected.length > 0) return 'NOT as expected'
  const failed = rows.flatMap(({ name, build }) => (build?.state === 'failed' ? [name] : []))
  return failed.length === 0 ? 'as expected' : `as expected (${failed.join(', ')} fails on purpose)`
}
