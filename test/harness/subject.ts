import { type Archive, openArchive, unpackArchive, writeZip } from '@packline/archive'
import { loadProfile } from '@packline/profiles'
import {
  type BuildRequestInput,
  buildRequestSchema,
  type DependencyRequestInput,
  dependencyRequestSchema,
  handlerOf,
  resolveDependencyRequest,
  resolveRequest,
} from '@packline/shared'
import { type MemoryFile, memoryTree } from '../../packages/engine/src/memory-tree.ts'
import type { Attached, Order, Subject } from '../../packages/engine/src/runtimes/runtime.ts'
import type { Tree } from '../../packages/engine/src/tree.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A file of a test: its text, or its bytes and mode. */
export type TestFile = string | Buffer | Partial<Omit<MemoryFile, 'path'>>

/** A tree in memory, as an inline source makes it. */
export function treeOf(files: Record<string, TestFile>): Tree {
  return memoryTree(Object.entries(files).map(([path, file]) => memoryFile(path, file)))
}

/** An order as the edge would resolve it by the default profile; `tools`: what the test needs. */
export async function orderOf(
  request: Partial<BuildRequestInput> & Pick<BuildRequestInput, 'runtime'>,
  tools: Partial<Order['tools']> = {},
): Promise<Order> {
  const profile = await loadProfile('ctyun-functiongraph')
  const source = { kind: 'inline', files: { 'file.txt': '' } } as const
  const parsed = buildRequestSchema.parse({ function: 'hello', source, ...request })
  const resolved = resolveRequest(parsed, profile)
  const handler = handlerOf(resolved, profile)
  return { request: resolved, handler, profile, tools: tools as Order['tools'] }
}

/** An order for a dependency package. */
export async function dependencyOrderOf(
  request: Partial<DependencyRequestInput> & Pick<DependencyRequestInput, 'runtime'>,
): Promise<Order> {
  const profile = await loadProfile('ctyun-functiongraph')
  const source = { kind: 'inline', files: { 'file.txt': '' } } as const
  const parsed = dependencyRequestSchema.parse({ name: 'libraries', source, ...request })
  const resolved = resolveDependencyRequest(parsed, profile)
  return { request: resolved, handler: undefined, profile, tools: {} as Order['tools'] }
}

/** A dependency package of these files, as a request attaches it. */
export async function attachedOf(
  name: string,
  files: Record<string, TestFile>,
  revision = 1,
): Promise<Attached> {
  const content = { bytes: await zipOf(files) }
  const limits = { entriesMax: 100_000, unpackedBytesMax: 2 ** 31, ratioMax: 1100 }
  const folder = () => Promise.reject(new Error('this test has no folder'))
  return { name, revision, archive: await openArchive(content, { limits }), folder }
}

/** A finished package of these files, written and opened again as the pipeline does. */
export async function subjectOf(order: Order, files: Record<string, TestFile>): Promise<Subject> {
  const tree = treeOf(files)
  const destination = { memory: true, bytesMax: 64 * 1024 * 1024 } as const
  const file = await writeZip(
    tree.files.map((one) => tree.entry(one)),
    destination,
  )
  const { unpackedBytesMax } = order.profile.limits
  const limits = { entriesMax: 100_000, unpackedBytesMax, ratioMax: 1100 }
  const archive = await openArchive(file.content, { limits })
  let unpacked: Promise<string> | undefined
  const folder = () => {
    unpacked ??= unpackedBelow(temporaryFolder(), archive)
    return unpacked
  }
  const { signal } = new AbortController()
  return {
    ...order,
    package: { format: 'zip', file, archive, folder, installed: new Set() },
    dependencies: [],
    signal,
  }
}

async function unpackedBelow(folder: string, archive: Archive): Promise<string> {
  await unpackArchive(archive, folder)
  return folder
}

function memoryFile(path: string, file: TestFile): MemoryFile {
  if (typeof file === 'string' || Buffer.isBuffer(file)) {
    return { path, executable: false, bytes: Buffer.from(file) }
  }
  return { path, executable: false, bytes: Buffer.alloc(0), ...file }
}

/** The same files as a ZIP in memory. */
export async function zipOf(files: Record<string, TestFile>): Promise<Buffer> {
  const tree = treeOf(files)
  const entries = tree.files.map((file) => tree.entry(file))
  const { content } = await writeZip(entries, { memory: true, bytesMax: 64 * 1024 * 1024 })
  if ('path' in content) throw new Error('it was to stay in memory')
  return content.bytes
}
