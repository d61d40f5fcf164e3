import { chmod, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { sandboxFolder } from './sandbox-tool.ts'

test('sandboxFolder is the one given, but for root where others may not enter it', async () => {
  const closed = temporaryFolder()
  const inside = path.join(closed, 'a clone/.local/debian')
  expect(sandboxFolder(inside, false)).toBe(inside)
  expect(sandboxFolder(inside, true)).toBe('/var/cache/packline/debian')
  await chmod(closed, 0o755)
  expect(sandboxFolder(inside, true)).toBe(inside)
  await mkdir(path.dirname(inside), { recursive: true, mode: 0o700 })
  expect(sandboxFolder(inside, true)).toBe('/var/cache/packline/debian')
})
