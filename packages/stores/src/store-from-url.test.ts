import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PacklineError } from '@packline/shared'
import { describe, expect, it } from 'vitest'
import { storeFromUrl } from './store-from-url.ts'

describe('storeFromUrl', () => {
  it('makes a folder store of a file URL, spaces included', () => {
    const folder = join(tmpdir(), 'a store')
    const store = storeFromUrl(pathToFileURL(folder).href)
    expect(store.kind).toBe('folder')
    expect(store.address('a/b')).toBe(pathToFileURL(join(folder, 'a', 'b')).href)
  })

  it.each([
    's3+http://key:secret@127.0.0.1:9000/packages?region=cn-north-1',
    's3+https://key:secret@s3.example/packages/',
    's3+http://key:se%2Fcr%40et@[::1]:9000/packages',
  ])('makes a MinIO store of %s', (url) => {
    const store = storeFromUrl(url)
    expect(store.kind).toBe('minio')
    expect(store.address('a/b')).toBe('s3://packages/a/b')
  })

  it.each([
    ['', 'is not a URL'],
    ['/var/store', 'is not a URL'],
    ['http://key:hunter2@host/bucket', 'starts with "http:"'],
    ['s3+http://host:9000/bucket', 'lacks the key or the secret'],
    ['s3+http://key@host:9000/bucket', 'lacks the key or the secret'],
    ['s3+http://key:hunter2@host:9000', 'names no bucket'],
    ['s3+http://key:hunter2@host:9000/', 'names no bucket'],
    ['s3+http://key:hunter2@host:9000/a/b', 'names the bucket "a/b"'],
    ['s3+http://key:hunter2@host:9000/Upper', 'names the bucket "Upper"'],
    ['s3+http://key:hunter2@host:9000/bucket?regoin=x', 'has the unknown setting "regoin"'],
    ['s3+http://key:hunter2%@host:9000/bucket', 'has a "%" in the key or the secret'],
    ['s3+http://key:hunter2@host:port/bucket', 'is not a URL'],
    ['file://server/share', 'names the machine "server"'],
    ['file:///', 'names no folder'],
    ['file:///a?b', 'has a query or fragment'],
  ])('refuses %j: it %s', (url, found) => {
    const error = refusalOf(url)
    expect(error.code).toBe('INVALID_REQUEST')
    expect(error.message).toContain(`The address of the object store ${found}`)
    expect(error.message).toContain('expected s3+http://KEY:SECRET@host:port/bucket')
    expect(`${error.stack} ${error.hint} ${error.cause}`).not.toContain('hunter2')
  })
})

function refusalOf(url: string): PacklineError {
  try {
    storeFromUrl(url)
  } catch (error) {
    if (error instanceof PacklineError) return error
  }
  throw new Error('It was taken')
}
