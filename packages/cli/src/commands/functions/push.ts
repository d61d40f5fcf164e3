import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { sourceFolder } from '@packline/engine'
import { PacklineError, PULLED_FILE } from '@packline/shared'
import { checkNothingLost } from '../../draft/check-nothing-lost.ts'
import { differencesOf, tagsHere } from '../../draft/differences.ts'
import { findHere } from '../../draft/find-here.ts'
import { checkOpen } from '../../draft/made-on.ts'
import { readPulled, writePulled } from '../../draft/pulled.ts'
import { replaceDraft } from '../../draft/replace-draft.ts'
import { FOLDER, tagsOfDraft } from '../../draft/tags.ts'
import { row } from '../../rows.ts'
import { findServer, serverOf } from '../../server/find-server.ts'
import type { Terminal } from '../../terminal.ts'

interface PushOptions {
  over?: number
  json?: boolean
}

/**
 * `packline functions push`: a folder in place of the draft, all or nothing. What somebody else has
 * changed since the folder was pulled is told, and nothing is written over.
 */
export async function push(
  terminal: Terminal,
  name: string,
  given: string,
  { over, json }: PushOptions,
): Promise<number> {
  const client = await serverOf(terminal)
  const folder = resolve(given)
  await checkFolder(folder, given)
  const tree = await sourceFolder(folder, [join(folder, PULLED_FILE)])
  const draft = await client.draft(name)
  checkOpen(name, draft)
  const there = tagsOfDraft(draft)
  const url = (await findServer(terminal.environment))?.url ?? ''
  const pulled = await readPulled(folder, { url, function: name })
  const base = pulled?.files ?? new Map()
  // What is left out of sources and yet in the draft came from there: it goes back with the rest.
  const paths = [...tree.files.map(({ path }) => path), ...there.keys(), ...base.keys()]
  const found = await findHere(folder, new Set(paths))
  const here = tagsHere(found, [base, there])
  checkNothingLost({ name, given, draft, pulled, over }, differencesOf(base, here, there))
  const changed = differencesOf(there, here, there).here
  const kept = { url, function: name, version: draft.version, files: there }
  if (changed.length > 0) {
    const entries = [...found.values()].flatMap(({ entry }) => entry ?? [])
    kept.version = await replaceDraft(client, { name, given, draft, entries }, terminal.signal)
    // A ZIP has no folders but those that its files are in.
    kept.files = new Map([...here].filter(([, tag]) => tag !== FOLDER))
  }
  await writePulled(folder, kept)
  tell(terminal, kept.version, { changed, kept: kept.files }, json)
  return 0
}

async function checkFolder(folder: string, given: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory()) return
  throw new PacklineError('INVALID_REQUEST', `There is no folder ${given}`, {
    hint: 'Name the folder with the files; packline functions import takes a ZIP.',
  })
}

function tell(
  { stdout, stderr }: Terminal,
  version: number,
  { changed, kept }: { changed: readonly string[]; kept: ReadonlyMap<string, string> },
  json: boolean | undefined,
): void {
  const written = changed.filter((path) => kept.has(path))
  const removed = changed.filter((path) => !kept.has(path))
  const rows = [
    row('version', String(version)),
    ...written.map((path) => row('written', path)),
    ...removed.map((path) => row('removed', path)),
  ]
  stdout.write(`${json ? JSON.stringify({ version, written, removed }) : rows.join('\n')}\n`)
  if (!json && changed.length === 0) stderr.write('nothing differs\n')
}
