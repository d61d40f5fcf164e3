import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { forgeriesOf } from '../test/forgeries.ts'
import { FORMS, type Form } from '../test/forms.ts'
import { type HookServer, startHookServer } from '../test/hook-server.ts'

let server: HookServer
beforeAll(async () => {
  server = await startHookServer()
})
afterAll(() => server.close())

const hookOf = ({ provider, isStrict }: Form, more: object = {}) =>
  server.hook({ provider, signed: isStrict, ...more })
const isRefusal = (status: number) => status >= 400 && status < 500

describe.each(Object.entries<Form>(FORMS))('of %s', (name, form) => {
  const forgeries = forgeriesOf(form)
  let hook: string
  let isTaken = 0
  let failed = 0
  beforeAll(async () => {
    hook = await hookOf(form)
  })

  test.each(forgeries)('no delivery is taken %s', async (_what, forge) => {
    const { status, body } = await server.send(hook, forge())
    if (status >= 500) failed += 1
    if (body.outcome === 'accepted') isTaken += 1
    expect([status, body.code]).toEqual([expect.toSatisfy(isRefusal), expect.any(String)])
    expect(server.logged.filter(({ level }) => level >= 50)).toEqual([])
  })

  test('none of more than forty forgeries was taken, and the right one still is', async () => {
    process.stdout.write(
      `${name}: ${forgeries.length} forgeries, ${isTaken} taken, ${failed} exceptions\n`,
    )
    expect(forgeries.length).toBeGreaterThan(40)
    expect(new Set(forgeries.map(([what]) => what)).size).toBe(forgeries.length)
    expect(await server.accepted(hook)).toBe(0)
    const { status, body } = await server.send(hook, form.send())
    expect([status, body.outcome]).toEqual([200, 'accepted'])
  })

  test('a delivery that is sent again, under its id or another, builds nothing', async () => {
    const own = await hookOf(form)
    const sent = form.send()
    const first = await server.send(own, sent)
    expect(first.body.outcome).toBe('accepted')
    const { covers } = form
    const names = ['x-github-delivery', 'x-gitea-delivery', 'x-forgejo-delivery']
    const renamed = Object.fromEntries(names.map((header) => [header, 'another']))
    const others = [sent, { ...sent, headers: { ...sent.headers, ...renamed } }]
    // Where only the body tells one from another, a signature of a later time changes nothing.
    if (!covers.includes('id')) {
      others.push(form.send(undefined, { at: new Date(Date.now() + 1000), id: 'msg_2' }))
    }
    for (const again of others) {
      const { body } = await server.send(own, again)
      expect(body).toMatchObject({ outcome: 'seen', delivery: first.body.delivery })
    }
    expect(await server.accepted(own)).toBe(1)
  })

  test('what another hook is sent is refused, and so is any of a hook that is not there', async () => {
    const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
    const other = await hookOf(form, { secret })
    expect((await server.send(other, form.send())).status).toBe(401)
    expect((await server.send('hnone', form.send())).status).toBe(404)
    await server.installation.records.hooks.remove('acme', other)
    expect((await server.send(other, form.send(undefined, { secret }))).status).toBe(404)
  })

  test('a hook that is paused hears the right delivery, builds nothing, and takes no other', async () => {
    const paused = await hookOf(form, { active: false })
    const { body } = await server.send(paused, form.send())
    expect(body.outcome).toBe('ignored')
    const [, forge] = forgeries.find(([what]) => what.endsWith('HMAC-SHA1')) ?? []
    expect((await server.send(paused, forge?.() ?? form.send())).status).toBe(401)
    expect(await server.accepted(paused)).toBe(0)
  })
})
