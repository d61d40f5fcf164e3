import path from 'node:path'
import { findMinio, findRedis, redisAnswers } from '@packline/setup'
import { expect, onTestFinished, test } from 'vitest'
import { needs } from '../harness/needs.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { minioInContainer, redisInContainer } from '../harness/testcontainers.ts'

/** An engine that answers may still have no image and no way to one: that is a skip too. */
async function orNone<T>(start: Promise<T>): Promise<T | string> {
  return await start.catch((error: Error) => {
    if (/neither has nor gets/.test(error.message)) return error.message
    throw error
  })
}

test('Redis runs in a container, answers, and ends', async (context) => {
  needs(context, 'docker')
  const redis = await orNone(redisInContainer(process.env))
  if (typeof redis === 'string') return context.skip(redis)
  onTestFinished(redis.stop)
  expect(await redisAnswers(redis.url)).toBe(true)
  await redis.stop()
  expect(await redisAnswers(redis.url)).toBe(false)
})

test('MinIO runs in a container, with its bucket, and ends', async (context) => {
  needs(context, 'docker')
  const minio = await orNone(minioInContainer(process.env))
  if (typeof minio === 'string') return context.skip(minio)
  onTestFinished(minio.stop)
  const { host } = new URL(minio.url)
  expect((await fetch(`http://${host}/minio/health/ready`)).status).toBe(200)
  await minio.stop()
  await expect(fetch(`http://${host}/minio/health/ready`)).rejects.toThrow()
})

test('npm start has Redis and MinIO in containers where nothing else is left', async (context) => {
  needs(context, 'engine')
  const folder = temporaryFolder()
  const options = { environment: process.env, note: () => undefined }
  const redis = await orNone(
    findRedis({
      ...options,
      order: ['container'],
      folder: path.join(folder, 'redis'),
      debianFolder: folder,
    }),
  )
  if (typeof redis === 'string') return context.skip(redis)
  onTestFinished(redis.stop)
  expect(await redisAnswers(redis.url)).toBe(true)
  const minio = await orNone(
    findMinio({ ...options, order: ['container'], folder: path.join(folder, 'minio') }),
  )
  if (typeof minio === 'string') return context.skip(minio)
  onTestFinished(minio.stop)
  expect(new URL(minio.url).pathname).toBe('/packline')
})
