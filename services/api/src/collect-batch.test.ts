import { LIMITS, PacklineError } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { type AskedBuild, asBuilds, collectBatch } from './collect-batch.ts'

const hello = {
  function: 'hello',
  runtime: 'nodejs',
  handler: 'index.handler',
  source: { kind: 'inline', files: { 'a.js': 'a', 'b.js': 'b' } },
}

function asked(...builds: unknown[]): AskedBuild[] {
  return builds.map((build, index) => ({ index, line: index + 1, read: () => build }))
}

async function* lines(...texts: (string | Buffer)[]) {
  for (const [at, text] of texts.entries()) yield { line: at + 1, bytes: Buffer.from(text) }
}

describe('builds of a batch', () => {
  test('that are equal are one request, whatever the order of files, labels and members', async () => {
    const { source, ...rest } = hello
    const turned = { source: { files: { 'b.js': 'b', 'a.js': 'a' }, kind: 'inline' }, ...rest }
    const labelled = (labels: object) => ({ ...hello, labels })
    const { requests, places } = await collectBatch(
      asked(
        hello,
        { ...hello, function: 'other' },
        turned,
        { ...hello, type: 'event' },
        labelled({ a: '1', b: '2' }),
        labelled({ b: '2', a: '1' }),
      ),
      false,
    )
    expect(requests.map((request) => request.function)).toEqual(['hello', 'other', 'hello'])
    expect(places.map(({ request }) => request)).toEqual([0, 1, 0, 0, 2, 2])
  })

  test("whose test's event is in another order are two: a handler may see it", async () => {
    const event = (value: object) => ({ ...hello, test: { event: value } })
    const { requests } = await collectBatch(
      asked(event({ a: 1, b: 2 }), event({ b: 2, a: 1 })),
      false,
    )
    expect(requests).toHaveLength(2)
  })

  test('are refused with the first mistake, by line and build', async () => {
    const wrong = collectBatch(asked(hello, { ...hello, handler: 7 }, { ...hello, x: 1 }), false)
    await expect(wrong).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      at: 'builds[1].handler',
      message: expect.stringMatching(/^line 2: handler: .*found 7/),
    })
  })

  test('are left out and named with `partial`, and have no digest of their own', async () => {
    const asking = asked(hello, { ...hello, runtime: 'php' }, null, hello)
    const { places, refused, digest } = await collectBatch(asking, true)
    expect(places.map(({ index }) => index)).toEqual([0, 3])
    expect(refused).toMatchObject([
      { index: 1, line: 2, code: 'UNKNOWN_RUNTIME', at: 'builds[1].runtime' },
      { index: 2, line: 3, code: 'INVALID_REQUEST', at: 'builds[2]' },
    ])
    const other = await collectBatch(asked(hello, null, null, hello), true)
    expect(other.digest).not.toBe(digest)
    expect((await collectBatch(asking, true)).digest).toBe(digest)
  })

  test('that turn out wrong later are refused at each of their places', async () => {
    const lost = new PacklineError('UPLOAD_NOT_FOUND', 'There is no upload', {
      at: 'source.upload',
    })
    const partly = await collectBatch(asked(hello, { ...hello, function: 'b' }, hello), true)
    partly.refuse(0, lost)
    expect(partly.refused.map(({ index, at }) => [index, at])).toEqual([
      [0, 'builds[0].source.upload'],
      [2, 'builds[2].source.upload'],
    ])
    const whole = await collectBatch(asked(hello), false)
    expect(() => whole.refuse(0, lost)).toThrow(/^line 1: There is no upload/)
  })
})

describe('lines', () => {
  test('are builds; what is no JSON or no UTF-8 is a mistake of its line', async () => {
    const text = JSON.stringify(hello)
    const bad = Buffer.concat([Buffer.from(text.slice(0, 20)), Buffer.from([0xff])])
    const { refused, places } = await collectBatch(asBuilds(lines(text, '{"a":', bad, text)), true)
    expect(places.map(({ line }) => line)).toEqual([1, 4])
    expect(refused.map(({ line, code, at }) => [line, code, at])).toEqual([
      [2, 'INVALID_REQUEST', 'builds[1]'],
      [3, 'INVALID_REQUEST', 'builds[2]'],
    ])
    expect(refused[0]?.detail).toMatch(/^line 2: it is not JSON/)
    expect(refused[0]?.zh?.detail).toMatch(/^第 2 行：不是 UTF-8 编码的 JSON：/)
  })

  test('are one at least and as many as a batch may have', async () => {
    const none = collectBatch(asBuilds(lines()), true)
    await expect(none).rejects.toMatchObject({ code: 'INVALID_REQUEST', at: 'builds' })
    const text = JSON.stringify(hello)
    const all = Array.from({ length: LIMITS.batchBuildsMax }, () => text)
    expect((await collectBatch(asBuilds(lines(...all)), false)).places).toHaveLength(all.length)
    const more = collectBatch(asBuilds(lines(...all, text)), true)
    await expect(more).rejects.toMatchObject({ message: expect.stringMatching(/^line 10001: /) })
  })
})
