import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findServer } from './find-server.ts'
import { loginFile, readLogin, removeLogin, writeLogin } from './login-file.ts'

const LOGIN = { url: 'http://127.0.0.1:8080', key: 'key-of-somebody' }

let config: string
let file: string
beforeEach(async () => {
  config = await mkdtemp(join(tmpdir(), 'packline login '))
  file = loginFile({ XDG_CONFIG_HOME: config })
})
afterEach(() => rm(config, { recursive: true }))

describe('a login', () => {
  test('is kept for its user alone, also over one that others could read', async () => {
    expect(await readLogin(file)).toBeUndefined()
    await writeLogin(file, { ...LOGIN, key: 'old' })
    await rm(file)
    await writeFile(file, '{}', { mode: 0o644 })
    await writeLogin(file, LOGIN)
    expect(await readLogin(file)).toEqual(LOGIN)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(join(config, 'packline'))).mode & 0o777).toBe(0o700)
    expect(await readdir(join(config, 'packline'))).toEqual(['login.json'])
  })

  test('goes when it is removed, and what is not there is no mistake', async () => {
    await writeLogin(file, LOGIN)
    expect(await removeLogin(file)).toBe(true)
    expect(await removeLogin(file)).toBe(false)
    expect(await readLogin(file)).toBeUndefined()
  })

  test.each(['not JSON', '{}', '{"url":1,"key":2}', 'null'])(
    'that says %s is refused',
    async (text) => {
      await writeLogin(file, LOGIN)
      await writeFile(file, text)
      await expect(readLogin(file)).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
        hint: expect.stringContaining('packline login'),
      })
    },
  )

  test('that can not be kept says why', async () => {
    await writeFile(join(config, 'packline'), 'a file')
    await expect(writeLogin(file, LOGIN)).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
  })
})

describe('the server', () => {
  const found = (environment: NodeJS.ProcessEnv) =>
    findServer({ XDG_CONFIG_HOME: config, ...environment })

  test('is the one of the login, unless the environment names another with its key', async () => {
    expect(await found({})).toBeUndefined()
    await writeLogin(file, LOGIN)
    expect(await found({})).toEqual({ ...LOGIN, because: file })
    const other = { PACKLINE_URL: 'http://other', PACKLINE_KEY: 'other' }
    expect(await found(other)).toMatchObject({ url: 'http://other', key: 'other' })
  })

  test('gets another key by PACKLINE_KEY, and never the key of another server', async () => {
    await writeLogin(file, LOGIN)
    expect(await found({ PACKLINE_KEY: 'mine' })).toMatchObject({ url: LOGIN.url, key: 'mine' })
    expect(await found({ PACKLINE_URL: LOGIN.url })).toMatchObject(LOGIN)
    expect(await found({ PACKLINE_URL: 'http://elsewhere' })).toBeUndefined()
  })
})
