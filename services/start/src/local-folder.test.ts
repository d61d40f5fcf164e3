import { existsSync } from 'node:fs'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { takeLocalFolder } from './local-folder.ts'

describe('takeLocalFolder', () => {
  test('makes .local with a key that only its owner may read', async () => {
    const root = temporaryFolder()
    const local = await takeLocalFolder(root)
    expect(local.path).toBe(join(root, '.local'))
    expect(local.key).toMatch(/^pk_dev_[\w-]{32}$/)
    expect(Buffer.from(local.secretKey, 'base64')).toHaveLength(32)
    for (const file of ['key', 'secret-key']) {
      expect((await stat(join(local.path, file))).mode & 0o777).toBe(0o600)
    }
  })

  test('gives the same key again after it was released', async () => {
    const root = temporaryFolder()
    const first = await takeLocalFolder(root)
    await first.release()
    expect(existsSync(join(first.path, 'run.pid'))).toBe(false)
    const { key, secretKey } = await takeLocalFolder(root)
    expect({ key, secretKey }).toEqual({ key: first.key, secretKey: first.secretKey })
  })

  test('makes a new key where the old one was cut', async () => {
    const root = temporaryFolder()
    await mkdir(join(root, '.local'))
    await writeFile(join(root, '.local/key'), 'pk_dev_cut')
    expect((await takeLocalFolder(root)).key).toMatch(/^pk_dev_[\w-]{32}$/)
  })

  test('refuses a second run in the same clone, and lets another clone run', async () => {
    const [root, other] = [temporaryFolder(), temporaryFolder()]
    const { key } = await takeLocalFolder(root)
    await expect(takeLocalFolder(root)).rejects.toMatchObject({
      code: 'CONFLICT',
      hint: 'Stop it with Ctrl-C there, or clone the repository again for a second one.',
    })
    expect((await takeLocalFolder(other)).key).not.toBe(key)
  })

  test('says in one line where it can not write', async () => {
    const root = temporaryFolder()
    await writeFile(join(root, '.local'), 'a file where the folder should be')
    const expected = `${join(root, '.local')} can not be written (EEXIST)`
    await expect(takeLocalFolder(root)).rejects.toMatchObject({ message: expected })
  })
})
