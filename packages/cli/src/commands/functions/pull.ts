import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Client } from '@packline/client'
import { type DraftView, PacklineError } from '@packline/shared'
import { contentsOf } from '../../draft/contents-of.ts'
import { differencesOf, tagsHere } from '../../draft/differences.ts'
import { findHere } from '../../draft/find-here.ts'
import { checkOpen } from '../../draft/made-on.ts'
import { readPulled, writePulled } from '../../draft/pulled.ts'
import { type Tags, tagsOfDraft } from '../../draft/tags.ts'
import { namesIn } from '../../draft/tell-differences.ts'
import { removeHere, writeHere } from '../../draft/write-here.ts'
import { checkWritable } from '../../output-file.ts'
import { row } from '../../rows.ts'
import { findServer, serverOf } from '../../server/find-server.ts'
import type { Terminal } from '../../terminal.ts'

interface PullOptions {
  force?: boolean
  json?: boolean
}

/**
 * `packline functions pull`: the draft as a folder. What was changed here alone stays as it is;
 * what was changed here and there stops it before anything is written.
 */
export async function pull(
  terminal: Terminal,
  name: string,
  given: string,
  { force = false, json }: PullOptions,
): Promise<number> {
  const client = await serverOf(terminal)
  const folder = resolve(given)
  await checkWritable(folder)
  const draft = await client.draft(name)
  checkOpen(name, draft)
  const { version } = draft
  const there = tagsOfDraft(draft)
  const url = (await findServer(terminal.environment))?.url ?? ''
  const base: Tags = (await readPulled(folder, { url, function: name }))?.files ?? new Map()
  const found = await findHere(folder, new Set([...there.keys(), ...base.keys()]))
  const here = tagsHere(found, [base, there])
  const differs = differencesOf(base, here, there)
  if (differs.both.length > 0 && !force) throw changedTwice(name, given, version, differs.both)
  const taken = force ? Object.values(differs).flat() : differs.there
  const written = taken.filter((path) => there.has(path)).toSorted()
  const removed = taken.filter((path) => here.has(path) && !there.has(path)).toSorted()
  await take(client, name, folder, { draft, written, removed })
  await writePulled(folder, { url, function: name, version, files: there })
  tell(terminal, { version, written, removed, kept: force ? [] : differs.here }, json)
  return 0
}

/** All contents are here before the first file is touched. */
async function take(
  client: Client,
  name: string,
  folder: string,
  taken: { draft: DraftView; written: readonly string[]; removed: readonly string[] },
): Promise<void> {
  const written = new Set(taken.written)
  const entries = taken.draft.entries.filter(({ path }) => written.has(path))
  const contents = await contentsOf(client, name, entries)
  await mkdir(folder, { recursive: true })
  // From the innermost on, and before anything is written: a folder may become a file.
  for (const path of taken.removed.toReversed()) await removeHere(folder, path)
  for (const [path, content] of contents) await writeHere(folder, path, content)
}

function changedTwice(
  name: string,
  folder: string,
  version: number,
  both: readonly string[],
): PacklineError {
  const what = `Changed both in ${folder} and in the draft of ${name}: ${namesIn(both)}`
  const hint = [
    'Pull into another folder and put both together here; then say',
    `packline functions push ${name} ${folder} --over ${version}.`,
    'With --force the files of the draft go over those here.',
  ]
  return new PacklineError('CONFLICT', what, { hint: hint.join(' ') })
}

interface Done {
  version: number
  written: string[]
  removed: string[]
  kept: string[]
}

function tell({ stdout }: Terminal, done: Done, json: boolean | undefined): void {
  const { version, ...paths } = done
  const rows = [
    row('version', String(version)),
    ...Object.entries(paths).flatMap(([what, all]) => all.map((path) => row(what, path))),
  ]
  stdout.write(`${json ? JSON.stringify(done) : rows.join('\n')}\n`)
}
