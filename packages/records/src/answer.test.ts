import { expect, test } from 'vitest'
import { answer, answerInTime } from './answer.ts'

const WRITES_NOTHING = "Stream isn't writeable and enableOfflineQueue options is false"

test.each([
  WRITES_NOTHING,
  'Connection is closed.',
  'connect ECONNREFUSED 10.0.0.7:6379',
  'getaddrinfo ENOTFOUND redis.inside',
])('"%s" is told as what it means, and kept as the cause', async (said) => {
  const cause = new Error(said)
  await expect(answer(Promise.reject(cause))).rejects.toMatchObject({
    code: 'RECORDS_UNAVAILABLE',
    message: 'Redis is not connected',
    zh: { detail: '没有与 Redis 的连接' },
    cause,
  })
})

test('a connection that does not answer is told with how long it was waited', async () => {
  const cause = new Error('Command timed out')
  await expect(answer(Promise.reject(cause))).rejects.toMatchObject({
    message: 'Redis did not answer within 1500 ms',
    zh: { detail: 'Redis 在 1500 毫秒内没有应答' },
    cause,
  })
})

test('why Redis itself refuses for now is told as it says it', async () => {
  const cause = new Error('OOM command not allowed when used memory > maxmemory.')
  await expect(answerInTime(Promise.reject(cause))).rejects.toMatchObject({
    code: 'RECORDS_UNAVAILABLE',
    message: `Redis does not take this now: ${cause.message}`,
    zh: { detail: `Redis 现在不接受此操作：${cause.message}` },
    cause,
  })
})

test('any other error is passed on', async () => {
  const error = new Error('WRONGTYPE Operation against a key')
  await expect(answer(Promise.reject(error))).rejects.toBe(error)
})
