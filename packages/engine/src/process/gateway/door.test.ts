import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunOptions, ToolCommand } from '../command.ts'
import type { FenceForm } from '../isolation.ts'
import { runTool } from '../run.ts'
import { findIsolation } from '../sandbox.ts'
import { processesWith, uniqueSeconds } from '../test-marker.ts'

const found = await findIsolation({ bwrap: process.env.PACKLINE_TEST_BWRAP })
const FORMS: FenceForm[] = process.getuid?.() === 0 ? ['mounts-first', 'user-first'] : ['own-user']

let folder = ''
let allowed: Server
let other: Server
let visits = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-door-'))
  allowed = createServer((_request, response) => response.end('reached'))
  other = createServer((_request, response) => response.end('not to be reached'))
  other.on('connection', () => visits++)
  for (const server of [allowed, other]) await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterAll(async () => {
  for (const server of [allowed, other]) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  await rm(folder, { recursive: true })
})

const portOf = (server: Server) => (server.address() as AddressInfo).port

/** Prints the first line of what a server answers to a request, by nothing but bash. */
const ASK = `ask() {
  exec 9<>/dev/tcp/127.0.0.1/$1 || return
  printf '%s HTTP/1.0\\r\\nConnection: close\\r\\n\\r\\n' "$2" >&9
  head -1 <&9 | tr -d '\\r'
  exec 9<&-
}`

describe.each(FORMS)('a command with a door, %s', (form) => {
  const bash = (
    script: string,
    more: Partial<ToolCommand> = {},
    options: Partial<RunOptions> = {},
  ) => {
    if (!found.fence) throw new Error(`these tests need a sandbox: ${found.description}`)
    const fence = { ...found.fence, form, disableUserns: form !== 'mounts-first' }
    const command: ToolCommand = {
      argv: ['bash', '-c', `${ASK}\n${script}`, 'bash', `${portOf(allowed)}`, `${portOf(other)}`],
      cwd: '/build',
      env: { PATH: '/usr/bin:/bin' },
      network: 'source-host',
      reach: [{ host: '127.0.0.1', port: portOf(allowed), isTrusted: true }],
      binds: [{ from: folder, to: '/build', writable: true }],
      ...more,
    }
    const limits = { timeoutMs: 30_000, outputBytesMax: 1e6 }
    const usual = { signal: AbortSignal.timeout(60_000), ...limits }
    return runTool({ ...found, fence })(command, { ...usual, ...options })
  }

  it('reaches the named server of the worker’s loopback, and no other by any way', async () => {
    const script = `
      ask 3128 "GET http://127.0.0.1:$1/"; ask 3128 "CONNECT 127.0.0.1:$1"
      ask 3128 "GET http://127.0.0.1:$2/"; ask 3128 "CONNECT 127.0.0.1:$2"
      ask 3128 "CONNECT localhost:$1"
      (ask $1 "GET /") 2>/dev/null || echo none; (ask $2 "GET /") 2>/dev/null || echo none`
    const { stdout, output } = await bash(script)
    expect(stdout.trim().split('\n')).toEqual([
      'HTTP/1.1 200 OK',
      'HTTP/1.1 200 Connection established',
      'HTTP/1.1 403 Forbidden',
      'HTTP/1.1 403 Forbidden',
      'HTTP/1.1 403 Forbidden',
      'none',
      'none',
    ])
    expect(output.filter((line) => line.startsWith('network: '))).toEqual([
      expect.stringContaining(`127.0.0.1:${portOf(other)} was refused`),
      expect.stringContaining(`localhost:${portOf(allowed)} was refused`),
    ])
    expect(visits).toBe(0)
  })

  it('asks registries in the same way, and is told what it was kept from', async () => {
    // One on loopback is there without it, too, for those who take no proxy to loopback.
    const script = `ask 3128 "GET http://127.0.0.1:$1/"; ask $1 "GET /"; echo $no_proxy
      ask 3128 "CONNECT 127.0.0.1:$2"; (ask $2 "GET /") 2>/dev/null || echo none`
    const { stdout, refused } = await bash(script, { network: 'registries' })
    expect(stdout.trim().split('\n')).toEqual([
      'HTTP/1.1 200 OK',
      'HTTP/1.1 200 OK',
      '127.0.0.1',
      'HTTP/1.1 403 Forbidden',
      'none',
    ])
    expect(refused).toEqual([`127.0.0.1:${portOf(other)}`])
    expect(visits).toBe(0)
  })

  it('gets no answer from a server of the worker’s loopback that is away, and is told why', async () => {
    const gone = createServer()
    await once(gone.listen(0, '127.0.0.1'), 'listening')
    const reach = [{ host: '127.0.0.1', port: portOf(gone), isTrusted: true }]
    await new Promise((resolve) => gone.close(resolve))
    const script = `ask ${reach[0]?.port} "GET /" 2>&1`
    const { stdout, output } = await bash(script, { network: 'registries', reach })
    expect(stdout).not.toContain('HTTP')
    expect(output.join()).toMatch(/could not be reached: .*ECONNREFUSED/)
  })

  it('has no network but its own loopback', async () => {
    const { stdout } = await bash('cut -d: -f1 /proc/net/dev | tail -n +3; cat /etc/resolv.conf')
    expect(stdout.trim()).toBe('lo')
  })

  it('is itself: input, output, exit code, signal, environment, signals and descriptors', async () => {
    const script = `cat; echo bad >&2; env | sort; grep SigIgn /proc/self/status
      cd /proc/self/fd; for fd in *; do readlink $fd; done; cat /proc/$$/cmdline | tr '\\0' ' ' | head -c 7; exit 41`
    const env = { PATH: '/usr/bin', NODE_OPTIONS: '--none', LD_X: 'y', HTTPS_PROXY: 'http://p:1' }
    const result = await bash(script, { env }, { input: 'read\n' })
    expect(result).toMatchObject({ exitCode: 41, signal: null, stderr: 'bad\n' })
    const proxy = 'http://127.0.0.1:3128'
    // Whoever started the tests may have left descriptors open: then they are the null device.
    const lines = result.stdout.replace(/^(?:(?:_|SHLVL|PWD|OLDPWD)=.*|\/dev\/null)\n/gm, '')
    expect(lines.split('\n').map((line) => line.replace(/^socket:.*/, 'socket'))).toEqual([
      'read',
      `HTTPS_PROXY=${proxy}`,
      `HTTP_PROXY=${proxy}`,
      'LD_X=y',
      'NODE_OPTIONS=--none',
      'PATH=/usr/bin',
      `http_proxy=${proxy}`,
      `https_proxy=${proxy}`,
      expect.stringMatching(/^SigIgn:\s+0+$/),
      ...['socket', 'socket', 'socket'],
      'bash -c',
    ])
    expect(await bash('kill -TERM $$')).toMatchObject({ exitCode: null, signal: 'SIGTERM' })
  })

  it('leaves no process and no connection when time is up or it is cancelled', async () => {
    const seconds = uniqueSeconds()
    const script = `exec 9<>/dev/tcp/127.0.0.1/3128; echo ready; sleep ${seconds}`
    const late = bash(script, {}, { timeoutMs: 2000 })
    await expect(late).rejects.toMatchObject({ code: 'TIMED_OUT' })
    const controller = new AbortController()
    const reason = new Error('cancelled')
    const onLine = () => controller.abort(reason)
    const ended = bash(script, {}, { signal: controller.signal, onLine })
    await expect(ended).rejects.toBe(reason)
    expect(await processesWith(seconds)).toEqual([])
  })

  it('says which tool is missing', async () => {
    const missing = bash('', { argv: ['no-such-tool'] })
    await expect(missing).rejects.toMatchObject({ code: 'TOOL_MISSING' })
    expect(await bash('exit 127')).toMatchObject({ exitCode: 127 })
  })

  it('is not started where its door can not be opened', async () => {
    const broken = join(folder, 'node')
    await writeFile(broken, '#!/bin/sh\necho no door >&2\n', { mode: 0o755 })
    if (!found.fence) throw new Error('no sandbox')
    const fence = { ...found.fence, form, node: broken }
    const running = runTool({ ...found, fence })(
      { argv: ['true'], cwd: '/', env: {}, network: 'source-host', binds: [] },
      { signal: AbortSignal.timeout(9000), timeoutMs: 9000, outputBytesMax: 1e6 },
    )
    await expect(running).rejects.toMatchObject({ code: 'SANDBOX_FAILED', message: 'no door' })
  })

  it('throws what onLine throws at a line of the worker’s own', async () => {
    const reason = new Error('the log is gone')
    const onLine = () => {
      throw reason
    }
    const running = bash('ask 3128 "CONNECT host.example:1" >/dev/null; sleep 30', {}, { onLine })
    await expect(running).rejects.toBe(reason)
  })

  it('runs beside others, each with a door of its own', async () => {
    const results = await Promise.all(
      Array.from({ length: 6 }, (_, index) => {
        const own = { host: '127.0.0.1', port: portOf(allowed), isTrusted: true }
        const reach = index % 2 === 0 ? [own] : undefined
        return bash('ask 3128 "CONNECT 127.0.0.1:$1"', { reach, binds: [], cwd: '/' })
      }),
    )
    const statuses = results.map(({ stdout }) => stdout.split(' ')[1])
    expect(statuses).toEqual(['200', '403', '200', '403', '200', '403'])
  })
})
