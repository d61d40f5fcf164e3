import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { openArchive } from '@packline/archive'
import type { BuildRequestInput, BuildView } from '@packline/shared'
import { CARRIERS } from './carriers.ts'
import type { GoTrick } from './go-tricks.ts'
import type { Place } from './place.ts'
import { type EndedProbe, type PackedEntry, type Probe, scriptOf } from './probe.ts'

const ENTRY_BYTES_MAX = 64 * 1024 * 1024
const ARCHIVE_LIMITS = { entriesMax: 10_000, unpackedBytesMax: 1e9, ratioMax: 1100 }

export interface StartedProbe {
  id: string
  /** Stands before what its script says. */
  token: string
}

/** What a probe has said of itself. */
export interface Found extends EndedProbe {
  /** It was run, and its code can do what it tries. */
  ran: boolean
  /** All that it got at and should not have. */
  out: string[]
}

/** Asks the line for the build that runs the probe's script. */
export async function startProbe(probe: Probe, place: Place): Promise<StartedProbe> {
  const token = randomBytes(8).toString('hex')
  const script = scriptOf(probe, token, place)
  const carrier = CARRIERS[probe.carrier]
  const { build, ...request } = { build: {}, ...carrier.request() }
  const { id } = await place.line.client.submit({
    ...request,
    function: 'probe',
    source: { kind: 'inline', files: carrier.files(script) },
    build: { ...build, ...probe.build },
  } satisfies BuildRequestInput)
  return { id, token }
}

/** Waits for its end. */
export async function endedProbe({ id, token }: StartedProbe, place: Place): Promise<Found> {
  const { client } = place.line
  for await (const _event of client.events(id));
  const [build, log] = await Promise.all([client.build(id), client.log(id)])
  const said = [log, ...(build.failure?.output ?? [])].join('\n')
  const out = [...said.matchAll(new RegExp(`${token} out (.*)`, 'g'))].map(([, what = '']) => what)
  return {
    build,
    said,
    entries: await entriesOf(build, place),
    ran: said.includes(`${token} ran`),
    out: [...new Set(out)],
  }
}

/** What a trick's script would print. */
export const TRICK_RAN = 'the trick was run'

/** The whole build of a trick. */
export async function endedTrick({ files }: GoTrick, place: Place): Promise<EndedProbe> {
  const own = { 'probe.sh': `#!/bin/sh\necho "${TRICK_RAN}"\n`, ...files(place) }
  const { id } = await place.line.client.submit({
    function: 'probe',
    runtime: 'go',
    handler: 'hello.Handler',
    source: { kind: 'inline', files: own },
  })
  return endedProbe({ id, token: TRICK_RAN }, place)
}

async function entriesOf(build: BuildView, { line }: Place): Promise<Map<string, PackedEntry>> {
  const entries = new Map<string, PackedEntry>()
  if (!build.package) return entries
  const bytes = await buffer(await line.client.download(build.id))
  const archive = await openArchive({ bytes }, { limits: ARCHIVE_LIMITS })
  for (const { path, kind, mode = 0, linkTarget = '' } of archive.entries) {
    const content = kind === 'file' ? await archive.read(path, ENTRY_BYTES_MAX) : undefined
    entries.set(path, { kind, mode, bytes: content ?? Buffer.from(linkTarget) })
  }
  await archive.close()
  return entries
}
