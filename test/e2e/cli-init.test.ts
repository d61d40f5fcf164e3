import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeWorkplace, type Workplace } from '../harness/command-line.ts'
import { needs } from '../harness/needs.ts'

let place: Workplace
beforeAll(async () => {
  place = await makeWorkplace()
})
afterAll(() => place?.remove())

describe('packline init', () => {
  test.each([
    ['nodejs', 'event', ['index.js']],
    ['nodejs', 'http', ['bootstrap', 'server.js']],
    ['python', 'event', ['index.py']],
    ['custom', 'event', ['bootstrap']],
  ])('writes a function of %s (%s) that the command it names packs', async (...given) => {
    const [runtime, type, files] = given
    const folder = `${runtime}-${type}`
    const written = await place.run(['init', folder, '--runtime', runtime, '--type', type])
    expect(written.code).toBe(0)
    for (const file of files) expect(written.stdout).toContain(join(folder, file))
    const next = /^next +packline (.*)$/m.exec(written.stderr)?.[1] ?? ''
    const packed = await place.run([...next.split(' '), '--no-load'])
    expect({ code: packed.code, said: packed.stderr }).toMatchObject({ code: 0 })
  })

  test('writes Java and Go, too, which their tools then compile', async (context) => {
    needs(context, 'java')
    await place.run(['init', 'compiled', '--runtime', 'java'])
    const options = ['--handler', 'com.example.Hello.handle', '--no-load']
    expect((await place.run(['pack', 'compiled', ...options])).code).toBe(0)
    const go = await place.run(['init', 'go', '--runtime', 'go', '--json'])
    expect(JSON.parse(go.stdout)).toMatchObject({ files: ['go.mod', 'hello.go'] })
  })

  test('writes over nothing, and then writes nothing at all', async () => {
    await place.write({ 'taken/server.js': 'mine' })
    const options = ['--runtime', 'nodejs', '--type', 'http']
    const { code, stderr } = await place.run(['init', 'taken', ...options])
    expect(code).toBe(2)
    expect(stderr).toContain('server.js is there already')
    expect(await readFile(join(place.folder, 'taken/server.js'), 'utf8')).toBe('mine')
    await expect(readFile(join(place.folder, 'taken/bootstrap'))).rejects.toThrow('ENOENT')
  })

  test('says for which runtime there is a template of an HTTP function', async () => {
    const { code, stderr } = await place.run(['init', 'web', '--runtime', 'go', '--type', 'http'])
    expect(code).toBe(2)
    expect(stderr).toContain('--runtime nodejs --type http')
  })
})
