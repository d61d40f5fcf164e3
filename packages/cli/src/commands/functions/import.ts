import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { PacklineError } from '@packline/shared'
import { type MadeOn, matchOf, tellingVersion } from '../../draft/made-on.ts'
import { row } from '../../rows.ts'
import { serverOf } from '../../server/find-server.ts'
import type { Terminal } from '../../terminal.ts'

interface ImportOptions extends MadeOn {
  entryNameEncoding?: 'gb18030'
  json?: boolean
}

/** `packline functions import`: the files of a ZIP in place of all online files. */
export async function importZip(
  terminal: Terminal,
  name: string,
  zip: string,
  { entryNameEncoding, json, ...on }: ImportOptions,
): Promise<number> {
  const client = await serverOf(terminal)
  const found = await stat(zip).catch(() => undefined)
  if (!found?.isFile()) {
    throw new PacklineError('INVALID_REQUEST', `There is no file ${zip}`, {
      hint: 'packline functions push sends a folder.',
    })
  }
  const match = await matchOf(client, name, on)
  const { upload } = await client.upload(createReadStream(zip), found.size, { entryNameEncoding })
  const asked = { upload, entryNameEncoding }
  await tellingVersion(name, () => client.importDraft(name, asked, match))
  const { entries: _entries, ...draft } = await client.draft(name)
  const rows = [row('version', String(draft.version)), row('files', String(draft.files))]
  terminal.stdout.write(`${json ? JSON.stringify(draft) : rows.join('\n')}\n`)
  if (!json && draft.reason) terminal.stderr.write(`${row('read-only', draft.reason)}\n`)
  return 0
}
