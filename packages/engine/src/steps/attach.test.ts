import { createHash, randomBytes } from 'node:crypto'
import { existsSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { DependencyPin } from '@packline/shared'
import { expect, test } from 'vitest'
import { contextIn } from '../../../../test/harness/context.ts'
import { orderOf, zipOf } from '../../../../test/harness/subject.ts'
import { temporaryFolder } from '../../../../test/harness/temporary-folder.ts'
import type { BuildContext } from '../context.ts'
import type { AttachedPackage } from '../package.ts'
import { openWorkbench, type Workbench } from '../workbench.ts'
import { openAttached } from './attach.ts'

const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler' })
const zip = await zipOf({ 'node_modules/a/index.js': 'exports.a = 1\n' })

function pinOf(name: string, bytes: Buffer): DependencyPin {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { name, revision: 2, sha256, size: bytes.length }
}

/** What is opened; `look` sees it before the build's scratch goes. */
async function opened<T>(
  dependencies: DependencyPin[],
  openDependency: BuildContext['openDependency'],
  look: (attached: AttachedPackage[], bench: Workbench) => Promise<T>,
): Promise<T> {
  const { profile } = order
  const context = await contextIn(temporaryFolder(), { profile, openDependency })
  const bench = openWorkbench(context, 10_000)
  try {
    const request = { ...order.request, dependencies }
    return await look(await openAttached({ ...order, request }, context, bench), bench)
  } finally {
    await bench.close()
  }
}

const gives = (bytes: Buffer) => async () => ({
  size: bytes.length,
  stream: Readable.from([bytes]),
})

test('each is opened as a package is, in the order of the request', async () => {
  const pins = [pinOf('first', zip), pinOf('second', zip)]
  await opened(pins, gives(zip), async (attached) => {
    expect(attached).toMatchObject([
      { name: 'first', revision: 2, format: 'zip', file: { size: zip.length, entries: 1 } },
      { name: 'second', revision: 2 },
    ])
    const folders = await Promise.all(attached.map((one) => one.folder()))
    expect(new Set(folders).size).toBe(2)
    for (const folder of folders) {
      expect(existsSync(join(folder, 'node_modules/a/index.js'))).toBe(true)
    }
    expect(await attached[0]?.folder()).toBe(folders[0])
  })
})

test('large ones go to the scratch, in place of what a tool has left there', async () => {
  const large = await zipOf({ 'node_modules/a/data.bin': randomBytes(3 * 1024 * 1024) })
  const pins = [pinOf('one', large), pinOf('two', large)]
  const look = async (attached: AttachedPackage[], bench: Workbench) => {
    const folder = await bench.folder('attached-zips')
    expect(attached.map(({ file }) => file.content)).toEqual([
      { path: join(folder, 'one.zip') },
      { path: join(folder, 'two.zip') },
    ])
    rmSync(folder, { recursive: true })
    symlinkSync('/tmp', folder)
    return openAttached(
      { ...order, request: { ...order.request, dependencies: pins } },
      await contextIn(temporaryFolder(), { profile: order.profile, openDependency: gives(large) }),
      bench,
    )
  }
  expect(await opened(pins, gives(large), look)).toHaveLength(2)
  expect(existsSync('/tmp/one.zip')).toBe(false)
})

test('a request without any asks nobody', async () => {
  const asks = () => Promise.reject(new Error('nobody was to be asked'))
  expect(await opened([], asks, async (attached) => attached)).toEqual([])
})

test('one that the store has lost, or that comes as other bytes, is tried again', async () => {
  const lost = opened(
    [pinOf('lost', zip)],
    async () => undefined,
    async () => undefined,
  )
  await expect(lost).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: 'The dependency package lost@2 is not in the store',
  })
  const other = opened([pinOf('other', zip)], gives(Buffer.from('PK')), async () => undefined)
  await expect(other).rejects.toMatchObject({
    code: 'CONTENT_MISMATCH',
    message: expect.stringMatching(/^The dependency package other@2 came as 2 bytes/),
  })
})

test('what is no archive that may be opened is refused as any other', async () => {
  const text = Buffer.from('no archive at all')
  await expect(
    opened([pinOf('text', text)], gives(text), async () => undefined),
  ).rejects.toMatchObject({ code: 'FORMAT' })
})
