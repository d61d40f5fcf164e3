import { buffer } from 'node:stream/consumers'
import { openArchive } from '@packline/archive'
import type { BuildView, DraftChangeView, DraftView, FunctionView, Problem } from '@packline/shared'
import { expect } from 'vitest'
import type { TestLine } from './line.ts'
import { zipOf } from './subject.ts'

interface Answer<T> {
  status: number
  etag: string
  body: T & Partial<Problem>
}

export const NODE = { runtime: 'nodejs', version: '20.15', handler: 'index.handler' }

/** A path of a function. */
export const of = (name: string, rest = '') => `/v1/functions/${name}${rest}`

/** Functions as a caller has them, over HTTP; `line` is there when one of these is called. */
export function functionsOn(line: () => TestLine) {
  async function ask<T = object>(method: string, path: string, init: RequestInit = {}) {
    const response = await line().fetch(path, { method, ...init })
    const text = await response.text()
    const etag = response.headers.get('etag') ?? ''
    return { status: response.status, etag, body: JSON.parse(text || '{}') } as Answer<T>
  }
  const send = <T = object>(method: string, path: string, body: unknown, headers = {}) =>
    ask<T>(method, path, { body: JSON.stringify(body), headers })

  async function registered(name: string, changes: object = {}): Promise<FunctionView> {
    const { body } = await send<FunctionView>('PUT', of(name), { ...NODE, ...changes })
    return body
  }

  const write = (name: string, path: string, body: string | Buffer, headers = {}, query = '') =>
    ask<DraftChangeView>('PUT', of(name, `/files/${path}${query}`), {
      body: typeof body === 'string' ? body : new Uint8Array(body),
      headers,
    })

  const tree = async (name: string) => (await ask<DraftView>('GET', of(name, '/files'))).body
  const pathsOf = async (name: string) => (await tree(name)).entries.map(({ path }) => path)
  const textOf = async (name: string, path: string) =>
    (await line().fetch(of(name, `/files/${path}`))).text()

  /** Accepted and ended, however. */
  async function built(name: string, body: object = {}): Promise<BuildView> {
    const { status, body: accepted } = await send<{ id: string }>('POST', of(name, '/builds'), body)
    expect([status, accepted]).toEqual([202, expect.objectContaining({ id: expect.any(String) })])
    const { client } = line()
    await Array.fromAsync(client.events(accepted.id))
    return client.build(accepted.id)
  }

  async function packedFiles(id: string): Promise<Record<string, string>> {
    const bytes = await buffer(await line().client.download(id))
    const limits = { entriesMax: 1000, unpackedBytesMax: 1e9, ratioMax: 1100 }
    const archive = await openArchive({ bytes }, { limits })
    const files: Record<string, string> = {}
    for (const { path, size } of archive.entries) {
      files[path] = (await archive.read(path, size)).toString()
    }
    await archive.close()
    return files
  }

  async function uploaded(files: Parameters<typeof zipOf>[0]): Promise<string> {
    const bytes = await zipOf(files)
    return (await line().client.upload(bytes, bytes.length)).upload
  }

  return { ask, send, registered, write, tree, pathsOf, textOf, built, packedFiles, uploaded }
}
