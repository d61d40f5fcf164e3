import { execFileSync, spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'

const IDENTITY = {
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
}

/** Runs git in a folder, as a developer would; gives what it prints. */
export function git(folder: string, ...args: string[]): string {
  const env = { ...process.env, ...IDENTITY }
  return execFileSync('git', args, { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' }).trim()
}

/** A repository with one commit of these files on `main`; gives the commit's id. */
export async function makeRepository(
  folder: string,
  files: Record<string, string>,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o755 })
  git(folder, 'init', '-q', '--initial-branch=main')
  return commitFiles(folder, files)
}

/** Adds these files as another commit; gives its id. */
export async function commitFiles(folder: string, files: Record<string, string>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text, { mode: path === 'bootstrap' ? 0o755 : 0o644 })
  }
  git(folder, 'add', '--all')
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'A commit')
  return git(folder, 'rev-parse', 'HEAD')
}

export interface GitServer {
  /** Such as http://127.0.0.1:4000; repositories are below, as below the folder. */
  url: string
  requests: string[]
  /** Bytes that it has answered. */
  readonly sent: number
  /** While it is set, all are told to come again later. */
  isAway: boolean
  close(): Promise<void>
}

/**
 * Serves the repositories below a folder as git hosts do, by git's own http-backend; over https
 * where it is given a key and a certificate. `authorization`: only to whoever sends this header.
 * `isOld`: in git's first protocol, where only what a branch or tag leads to is given alone.
 */
export async function serveRepositories(
  folder: string,
  secret?: { key: Buffer; cert: Buffer },
  authorization?: string,
  isOld = false,
): Promise<GitServer> {
  const requests: string[] = []
  const count = { sent: 0 }
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    requests.push(`${request.method} ${request.url}`)
    if (serving.isAway) {
      response.writeHead(503).end()
      return
    }
    if (authorization !== undefined && request.headers.authorization !== authorization) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
      return
    }
    if (isOld) delete request.headers['git-protocol']
    answer(folder, request, response, count)
  }
  const server = secret ? createSecureServer(secret, listener) : createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  const serving: GitServer = {
    url: `http${secret ? 's' : ''}://127.0.0.1:${port}`,
    requests,
    close,
    isAway: false,
    get sent() {
      return count.sent
    },
  }
  return serving
}

/** The common gateway interface: headers, an empty line, the body. */
function answer(
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
  count: { sent: number },
): void {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))
  const env = {
    ...Object.fromEntries(own),
    ...IDENTITY,
    GIT_PROJECT_ROOT: folder,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    HTTP_CONTENT_ENCODING: String(request.headers['content-encoding'] ?? ''),
    REQUEST_METHOD: request.method,
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    // git complains about a repository of another user, as root's test folders are to nobody.
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
  }
  const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] })
  request.pipe(child.stdin)
  child.stdin.on('error', () => child.kill())
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.on('close', () => {
    const bytes = Buffer.concat(chunks)
    count.sent += bytes.length
    const end = bytes.indexOf('\r\n\r\n')
    const headers = bytes.subarray(0, end).toString('latin1').split('\r\n')
    const pairs = headers.map((line) => line.split(': ', 2) as [string, string])
    const status = pairs.find(([name]) => name === 'Status')?.[1] ?? '200'
    for (const [name, value] of pairs) if (name !== 'Status') response.setHeader(name, value)
    response.writeHead(Number.parseInt(status, 10)).end(bytes.subarray(end + 4))
  })
}
