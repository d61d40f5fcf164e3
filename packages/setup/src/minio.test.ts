import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'minio'
import { describe, expect, onTestFinished, type TestContext, test } from 'vitest'
import { needs } from '../../../test/harness/needs.ts'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { httpAnswers } from './http-ping.ts'
import { findMinio, type MinioOptions } from './minio.ts'

function options(context: TestContext, more: Partial<MinioOptions> = {}) {
  needs(context, 'minioServer')
  const notes: string[] = []
  const all: MinioOptions = {
    folder: path.join(temporaryFolder(), 'minio'),
    environment: {
      PATH: path.dirname(process.env.PACKLINE_TEST_MINIO ?? ''),
      HOME: '/nonexistent',
    },
    note: (line) => notes.push(line),
    ...more,
  }
  return { options: all, notes }
}

async function start(all: MinioOptions) {
  const minio = await findMinio(all)
  onTestFinished(minio.stop)
  return minio
}

const live = (url: string) => `http://${new URL(url).host}/minio/health/live`

describe('findMinio', () => {
  test('starts the program on PATH, with its bucket, on 127.0.0.1', async (context) => {
    const { options: all, notes } = options(context)
    const { url, how } = await start(all)
    expect(how).toBe('minio on PATH')
    expect(notes.map((note) => note.split(':', 2).join(':'))).toEqual([
      'MinIO: by URL',
      'MinIO: cached',
    ])
    expect(url).toMatch(/^s3\+http:\/\/packline:[\w-]{24}@127\.0\.0\.1:\d+\/packline\?region=/)
    const { port, username, password } = new URL(url)
    const client = new Client({
      endPoint: '127.0.0.1',
      port: Number(port),
      useSSL: false,
      accessKey: username,
      secretKey: password,
      region: 'us-east-1',
    })
    expect(await client.bucketExists('packline')).toBe(true)
    expect(await client.bucketExists('another')).toBe(false)
  })

  test('keeps credentials and objects for the next start', async (context) => {
    const { options: all } = options(context)
    const first = await findMinio(all)
    await first.stop()
    expect(await httpAnswers(live(first.url), () => true)).toBe(false)
    const second = await start(all)
    expect(new URL(second.url).password).toBe(new URL(first.url).password)
    expect(statSync(path.join(all.folder, 'credentials.json')).mode & 0o077).toBe(0)
    expect(readdirSync(path.join(all.folder, 'objects'))).toContain('packline')
    expect(readFileSync(path.join(all.folder, 'minio.log'), 'utf8')).not.toContain(
      new URL(first.url).password,
    )
  })

  test('takes the one given by URL and leaves it running', async (context) => {
    const given = await start(options(context).options)
    const minio = await findMinio(options(context, { url: given.url }).options)
    await minio.stop()
    expect(minio).toMatchObject({ url: given.url, how: 'given by URL' })
    expect(await httpAnswers(live(given.url), (status) => status === 200)).toBe(true)
  })

  test.each([
    ['http://127.0.0.1:9000/packline', 'is not of the form s3+http:'],
    ['s3+http://key:secret@127.0.0.1:1/packline', '127.0.0.1:1 does not answer'],
  ])('says what is wrong with %s and never shows the secret', async (url, expected) => {
    const notes: string[] = []
    const error = await findMinio({
      url,
      folder: temporaryFolder(),
      environment: { PATH: '/nonexistent', HOME: '/nonexistent' },
      note: (line) => notes.push(line),
      order: ['url', 'cached', 'path', 'container', 'build'],
    }).catch((reason: Error) => reason)
    expect(notes[0]).toContain(expected)
    expect(error).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      hint: expect.stringContaining('Install Go'),
    })
    expect(`${notes} ${error}`).not.toContain('key:secret')
  })
})
