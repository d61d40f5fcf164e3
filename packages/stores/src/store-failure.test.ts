import { createServer } from 'node:http'
import { connect } from 'node:net'
import { PacklineError } from '@packline/shared'
import { describe, expect, it } from 'vitest'
import { NoAnswerError, storeFailure } from './store-failure.ts'

describe('storeFailure', () => {
  it('says which store did not answer and why, and keeps the cause', () => {
    const cause = new Error('read ECONNRESET')
    const failure = storeFailure('The store', new NoAnswerError('', { cause }))
    expect(failure).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: 'The store did not answer: read ECONNRESET',
      hint: expect.stringContaining('goes on by itself'),
    })
  })

  it('finds words for a refused connection to a name with two addresses', async () => {
    const server = createServer().listen(0, 'localhost')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    await new Promise((resolve) => server.close(resolve))
    const error = await new Promise<Error>((resolve) => {
      connect(Number(port), 'localhost').once('error', resolve)
    })
    expect(storeFailure('The store', error)).toMatchObject({
      message: expect.stringMatching(/^The store did not answer: connect ECONNREFUSED .+:\d+$/),
    })
  })

  it('leaves an error of ours as it is', () => {
    const error = new PacklineError('CONTENT_MISMATCH', 'other bytes')
    expect(storeFailure('The store', error)).toBe(error)
  })

  it('gives a caller that went away its own reason', () => {
    const reason = new Error('cancelled')
    const signal = AbortSignal.abort(reason)
    expect(storeFailure('The store', new NoAnswerError('cut'), signal)).toBe(reason)
  })

  it('takes what is no error at all', () => {
    expect(storeFailure('The store', 'odd')).toMatchObject({
      message: 'The store did not answer: odd',
    })
  })
})
