import { describe, expect, it } from 'vitest'
import { makeSlots } from './slots.ts'

const never = new AbortController().signal

describe('makeSlots', () => {
  it('gives out the lowest free user id', async () => {
    const acquire = makeSlots({ uidBase: 61_000, slotsMax: 3 })
    const [first, second, third] = [
      await acquire(never),
      await acquire(never),
      await acquire(never),
    ]
    expect([first.uid, second.uid, third.uid]).toEqual([61_000, 61_001, 61_002])
    third.release()
    first.release()
    expect((await acquire(never)).uid).toBe(61_000)
    expect((await acquire(never)).uid).toBe(61_002)
  })

  it('lets builds wait in turn where all are taken', async () => {
    const acquire = makeSlots({ uidBase: 10, slotsMax: 1 })
    const held = await acquire(never)
    const order: string[] = []
    const next = acquire(never).then((slot) => {
      order.push('next')
      slot.release()
    })
    const last = acquire(never).then((slot) => order.push(`last ${slot.uid}`))
    expect(order).toEqual([])
    held.release()
    await Promise.all([next, last])
    expect(order).toEqual(['next', 'last 10'])
  })

  it('ends the wait of an aborted build and passes its turn on', async () => {
    const acquire = makeSlots({ slotsMax: 1 })
    const held = await acquire(never)
    const controller = new AbortController()
    const given = acquire(controller.signal)
    const after = acquire(never)
    const reason = new Error('cancelled')
    controller.abort(reason)
    await expect(given).rejects.toBe(reason)
    held.release()
    expect((await after).uid).toBeUndefined()
    await expect(acquire(AbortSignal.abort(reason))).rejects.toBe(reason)
  })

  it('counts a slot that is released twice once', async () => {
    const acquire = makeSlots({ uidBase: 1, slotsMax: 2 })
    const slot = await acquire(never)
    slot.release()
    slot.release()
    const uids = [(await acquire(never)).uid, (await acquire(never)).uid]
    expect(uids).toEqual([1, 2])
  })
})
