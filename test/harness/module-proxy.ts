import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeZip } from '@packline/archive'
import { treeOf } from './subject.ts'

export interface ModuleProxy {
  url: string
  requests: string[]
  close(): Promise<void>
}

/** A Go module proxy on loopback: `example.com/greet@v1.0.0` -> its files, go.mod among them. */
export async function serveModules(
  modules: Record<string, Record<string, string>>,
): Promise<ModuleProxy> {
  const answers = new Map<string, string | Buffer>()
  for (const [name, files] of Object.entries(modules)) {
    const [path = '', version = ''] = name.split('@')
    const base = `/${path}/@v`
    const info = JSON.stringify({ Version: version, Time: '2026-01-01T00:00:00Z' })
    answers.set(`${base}/list`, `${answers.get(`${base}/list`) ?? ''}${version}\n`)
    answers.set(`${base}/${version}.info`, info)
    answers.set(`/${path}/@latest`, info)
    answers.set(`${base}/${version}.mod`, files['go.mod'] ?? `module ${path}\n`)
    answers.set(`${base}/${version}.zip`, await zipOf(name, files))
  }
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

async function zipOf(name: string, files: Record<string, string>): Promise<Buffer> {
  const paths = Object.entries(files).map(([path, text]) => [`${name}/${path}`, text])
  const tree = treeOf(Object.fromEntries(paths))
  const entries = tree.files.map((file) => tree.entry(file))
  const { content } = await writeZip(entries, { memory: true, bytesMax: 1024 * 1024 })
  if ('path' in content) throw new Error('it was to stay in memory')
  return content.bytes
}
