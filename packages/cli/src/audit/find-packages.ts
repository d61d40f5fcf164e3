import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { PacklineError } from '@packline/shared'
import { type Store, storeFromUrl } from '@packline/stores'
import { sha256Of } from '../sha256-of.ts'

const ARCHIVE = /\.(zip|jar)$/i
const S3 = /^s3:\/\/([^/]+)\/?(.*)$/
/** More are not looked at, and that is said: a whole bucket was hardly meant. */
const PACKAGES_MAX = 10_000

/** A package that lies somewhere; `fetch` brings it here for as long as `work` needs it. */
export interface FoundPackage {
  /** As it is shown: its path from the folder, or its key. */
  name: string
  fetch<T>(work: (file: LocalFile) => Promise<T>): Promise<T>
}

export interface LocalFile {
  path: string
  size: number
  sha256: string
}

interface Surroundings {
  environment: NodeJS.ProcessEnv
  /** Objects are kept here while they are looked at. */
  scratch: string
  signal: AbortSignal
}

/**
 * Every ZIP and JAR below a folder, also by links to such files, or below `s3://bucket/prefix`,
 * sorted by name.
 */
export async function findPackages(
  place: string,
  surroundings: Surroundings,
): Promise<FoundPackage[]> {
  const [, bucket, prefix = ''] = S3.exec(place) ?? []
  const found =
    bucket === undefined
      ? await inFolder(resolve(place), place)
      : await inBucket(bucket, prefix, surroundings)
  if (found.length === 0) {
    throw new PacklineError('INVALID_REQUEST', `There is no .zip or .jar in ${place}`, {
      hint: 'Name the folder or the prefix that the packages lie below.',
    })
  }
  if (found.length > PACKAGES_MAX) {
    const what = `${place} has more than ${PACKAGES_MAX} packages`
    throw new PacklineError('INVALID_REQUEST', what, { hint: 'Name a part of it.' })
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function inFolder(folder: string, shown: string): Promise<FoundPackage[]> {
  const isFolder = (await stat(folder).catch(() => undefined))?.isDirectory()
  if (!isFolder) {
    throw new PacklineError('INVALID_REQUEST', `There is no folder ${shown}`, {
      hint: 'packline check looks at a single archive.',
    })
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const named = entries.filter(({ name }) => ARCHIVE.test(name))
  const paths = named.map(({ parentPath, name }) => join(parentPath, name))
  const areFiles = await Promise.all(paths.map(isFile))
  return paths.flatMap((path, index) => {
    if (!areFiles[index]) return []
    const found: FoundPackage = {
      name: relative(folder, path),
      fetch: async (work) => {
        const { size } = await stat(path).catch((cause: unknown) => {
          const what = 'It is a link to nothing, or has gone'
          throw new PacklineError('SOURCE_NOT_FOUND', what, { cause })
        })
        return work({ path, size, sha256: await sha256Of(path) })
      },
    }
    return [found]
  })
}

/** Links to files are followed; one that leads nowhere is told when it is looked at. */
async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found === undefined || found.isFile()
}

async function inBucket(
  bucket: string,
  prefix: string,
  { environment, scratch, signal }: Surroundings,
): Promise<FoundPackage[]> {
  const store = storeOf(bucket, environment)
  const found: FoundPackage[] = []
  for await (const { key } of store.list(prefix, { signal })) {
    if (!ARCHIVE.test(key)) continue
    const place = join(scratch, `object-${found.length}`)
    found.push({ name: key, fetch: (work) => fetched(store, key, place, signal, work) })
    if (found.length > PACKAGES_MAX) break
  }
  return found
}

/** Server and keys are those of PACKLINE_STORE_URL, the bucket is the one that is asked for. */
function storeOf(bucket: string, { PACKLINE_STORE_URL: text }: NodeJS.ProcessEnv): Store {
  if (text?.startsWith('s3+')) return storeFromUrl(withBucket(text, bucket))
  throw new PacklineError('INVALID_REQUEST', `Nothing says where the bucket ${bucket} is`, {
    hint: 'Set PACKLINE_STORE_URL to s3+https://KEY:SECRET@host:port/bucket?region=REGION.',
  })
}

/** The path of the address, and nothing else of it: keys and secrets may have any character. */
function withBucket(text: string, bucket: string): string {
  return text.replace(/^(s3\+https?:\/\/[^/?]*)(?:\/[^?]*)?/, (_, start) => `${start}/${bucket}`)
}

async function fetched<T>(
  store: Store,
  key: string,
  path: string,
  signal: AbortSignal,
  work: (file: LocalFile) => Promise<T>,
): Promise<T> {
  const object = await store.get(key, { signal })
  if (!object) {
    throw new PacklineError('SOURCE_NOT_FOUND', `${key} has gone while it was looked for`)
  }
  const hash = createHash('sha256')
  let size = 0
  const counted = new Transform({
    transform: (chunk: Buffer, _encoding, next) => {
      size += chunk.length
      hash.update(chunk)
      next(null, chunk)
    },
  })
  try {
    await mkdir(dirname(path), { recursive: true })
    await pipeline(object.stream, counted, createWriteStream(path, { flags: 'wx' }), { signal })
    return await work({ path, size, sha256: hash.digest('hex') })
  } finally {
    await rm(path, { force: true })
  }
}
