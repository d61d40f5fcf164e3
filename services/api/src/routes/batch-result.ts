import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type StreamedFile, streamZip } from '@packline/archive'
import {
  type BuildView,
  buildInLanguage,
  failed,
  type Language,
  manifestLineOf,
  type StoredPackage,
} from '@packline/shared'
import type { Request, Response } from 'express'
import { answerLanguage } from '../answer-language.ts'
import { pacedWrite, untilClosed } from '../paced-write.ts'
import type { Surroundings } from '../surroundings.ts'
import { packageFailures } from '../texts/packages.ts'

const MANIFEST = 'manifest.ndjson'

/** How the builds of a batch stand, one JSON object per line, in the order they were asked for. */
export async function sendManifest(
  request: Request<{ id: string }>,
  response: Response,
  { records, stopping }: Surroundings,
): Promise<void> {
  const { tenant } = response.locals
  const { id } = request.params
  await records.getBatch(tenant, id)
  const language = answerLanguage(request, response)
  response.status(200).attachment(`${id}.ndjson`).type('application/x-ndjson')
  if (request.method !== 'HEAD') {
    for await (const build of records.batchMembers(tenant, id)) {
      if (response.destroyed || stopping.aborted) break
      await pacedWrite(
        response,
        `${JSON.stringify(manifestLineOf(buildInLanguage(build, language)))}\n`,
      )
    }
  }
  // A text that the service's stop breaks off must not look whole.
  if (stopping.aborted) response.destroy()
  else response.end()
}

/** All packages of a finished batch as one ZIP, with its manifest, streamed out of the store. */
export async function sendPackages(
  request: Request<{ id: string }>,
  response: Response,
  { records, store }: Surroundings,
): Promise<void> {
  const { tenant } = response.locals
  const { id } = request.params
  const { finished } = await records.getBatch(tenant, id)
  if (!finished) throw failed('CONFLICT', packageFailures.unfinished(id))
  const language = answerLanguage(request, response)
  response.status(200).type('application/zip').attachment(`${id}.zip`)
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  const gone = untilClosed(response)
  const { packages, manifest } = gather(
    await Array.fromAsync(records.batchMembers(tenant, id)),
    language,
  )
  const files: StreamedFile[] = [
    { path: MANIFEST, size: manifest.length, open: async () => Readable.from([manifest]) },
    ...packages.map(({ path, stored }) => ({
      path,
      size: stored.size,
      open: () => opened(stored, path, store, gone),
    })),
  ]
  // A store that goes away cuts the answer: its reader never takes a part for the whole.
  await pipeline(streamZip(files, gone), response).catch((error: unknown) => {
    if (!gone.aborted) throw error
  })
}

interface Packed {
  path: string
  stored: StoredPackage
}

/** Each build is read once; what its file is called depends on all others. */
function gather(builds: readonly BuildView[], language: Language) {
  const names = new Map<string, number>()
  for (const { function: name, package: stored } of builds) {
    const folded = name.toLowerCase()
    if (stored) names.set(folded, (names.get(folded) ?? 0) + 1)
  }
  const packages: Packed[] = []
  const lines = builds.map((build) => {
    const { function: name, package: stored } = build
    const isAlone = names.get(name.toLowerCase()) === 1
    // A folder's name is in no other's way: functions have no slash in theirs.
    const path = stored && `${name}${isAlone ? '' : `/${build.id}`}.${stored.format}`
    if (stored && path) packages.push({ path, stored })
    return `${JSON.stringify(manifestLineOf(buildInLanguage(build, language), path))}\n`
  })
  return { packages, manifest: Buffer.from(lines.join('')) }
}

async function opened(
  { key }: StoredPackage,
  path: string,
  store: Surroundings['store'],
  signal: AbortSignal,
): Promise<Readable> {
  const object = await store.get(key, { signal })
  if (object) return object.stream
  throw failed('NOT_FOUND', packageFailures.lostInBatch(path))
}
