import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { zipOf } from './subject.ts'

export interface ModuleProxy {
  url: string
  requests: string[]
  close(): Promise<void>
}

/** Modules of a test: `example.com/greet@v1.0.0` -> its files, go.mod among them. */
export type Modules = Record<string, Record<string, string>>

/** A Go module proxy on loopback. */
export async function serveModules(modules: Modules): Promise<ModuleProxy> {
  const answers = await moduleAnswers(modules)
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    const body = answers.get(request.url ?? '')
    response.writeHead(body === undefined ? 404 : 200).end(body ?? 'not found')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { url: `http://127.0.0.1:${port}`, requests, close }
}

/** What a module proxy answers, by path. */
export async function moduleAnswers(modules: Modules): Promise<Map<string, string | Buffer>> {
  const answers = new Map<string, string | Buffer>()
  for (const [name, files] of Object.entries(modules)) {
    const [path = '', version = ''] = name.split('@')
    const base = `/${path}/@v`
    const info = JSON.stringify({ Version: version, Time: '2026-01-01T00:00:00Z' })
    answers.set(`${base}/list`, `${answers.get(`${base}/list`) ?? ''}${version}\n`)
    answers.set(`${base}/${version}.info`, info)
    answers.set(`/${path}/@latest`, info)
    answers.set(`${base}/${version}.mod`, files['go.mod'] ?? `module ${path}\n`)
    const inside = Object.entries(files).map(([file, text]) => [`${name}/${file}`, text])
    answers.set(`${base}/${version}.zip`, await zipOf(Object.fromEntries(inside)))
  }
  return answers
}
