import { describe, expect, test } from 'vitest'
import { makePlaces } from './places.ts'

const never = new AbortController().signal
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('places', () => {
  test('are given at once while there are some, and then when somebody leaves', async () => {
    const places = makePlaces(2)
    const leave = await places.enter(never, false)
    await places.enter(never, false)
    let isIn = false
    const third = places.enter(never, false).then(() => {
      isIn = true
    })
    await turn()
    expect(isIn).toBe(false)
    leave()
    await third
    expect(isIn).toBe(true)
  })

  test('go to who is urgent first, else to who came first', async () => {
    const places = makePlaces(1)
    const order: string[] = []
    const leave = await places.enter(never, false)
    const visit = async (name: string, isUrgent: boolean) => {
      const leave = await places.enter(never, isUrgent)
      order.push(name)
      leave()
    }
    const visits = [visit('bulk 1', false), visit('bulk 2', false)]
    visits.push(visit('urgent 1', true), visit('urgent 2', true))
    leave()
    await Promise.all(visits)
    expect(order).toEqual(['urgent 1', 'urgent 2', 'bulk 1', 'bulk 2'])
  })

  test('are not given to who has given up, with the reason of the signal', async () => {
    const places = makePlaces(1)
    const leave = await places.enter(never, false)
    const abort = new AbortController()
    const waiting = places.enter(abort.signal, true)
    const next = places.enter(never, false)
    abort.abort(new Error('stopped'))
    await expect(waiting).rejects.toThrow('stopped')
    await expect(places.enter(abort.signal, true)).rejects.toThrow('stopped')
    leave()
    const leaveNext = await next
    leaveNext()
    await places.enter(never, false)
  })

  test('are left once, however often it is said', async () => {
    const places = makePlaces(1)
    const leave = await places.enter(never, false)
    leave()
    leave()
    await places.enter(never, false)
    const abort = new AbortController()
    const second = places.enter(abort.signal, false)
    abort.abort(new Error('there is no second place'))
    await expect(second).rejects.toThrow('no second place')
  })
})
