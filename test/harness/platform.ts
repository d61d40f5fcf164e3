import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'

const ASK_MS_MAX = 30_000

/** What a function of a runtime of its own sent back to the platform. */
export interface Sent {
  path: string | undefined
  body: unknown
}

/**
 * Starts a program with a small stand-in of the platform's runtime API, gives it each event in turn
 * and answers what it sent for each; fails when the program ends before.
 */
export async function giveEvents(program: string, cwd: string, events: string[]): Promise<Sent[]> {
  const sent: Sent[] = []
  const { promise: all, resolve } = Promise.withResolvers<void>()
  const platform = createServer(async (request, response) => {
    const body = await text(request)
    if (request.method === 'POST') {
      sent.push({ path: request.url, body: JSON.parse(body) })
      response.end()
      if (sent.length === events.length) resolve()
      return
    }
    const event = events[sent.length]
    // There is no other event: it waits, as with the platform.
    if (event === undefined || request.url !== '/v1/runtime/invocation/request') return
    response.setHeader('X-Cff-Request-Id', `event-${sent.length + 1}`)
    response.end(event)
  })
  platform.listen(0, '127.0.0.1')
  await once(platform, 'listening')
  const { port } = platform.address() as AddressInfo
  const env = { PATH: process.env.PATH, RUNTIME_API_ADDR: `127.0.0.1:${port}` }
  const child = spawn(program, [], { cwd, env, detached: true, stdio: 'ignore' })
  const ended = once(child, 'exit')
  try {
    const early = ended.then(([code]) => Promise.reject(new Error(`it ended with ${code}`)))
    await Promise.race([all, early])
    return sent
  } finally {
    if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await ended
    platform.closeAllConnections()
    platform.close()
  }
}

const ASK = `const deadline = Date.now() + 20000
const ask = () => fetch('http://127.0.0.1:8000' + process.argv[1]).catch((error) => {
  if (Date.now() > deadline) throw error
  return new Promise((again) => setTimeout(again, 20)).then(ask)
})
ask().then((answer) => answer.text()).then((body) => process.stdout.write(body))`

/**
 * Starts the bootstrap of an unpacked HTTP function where the platform has it, with a network of
 * its own, since the platform's port may be taken here, and gives the answer to one GET.
 */
export async function askHttp(bwrap: string, folder: string, path: string): Promise<string> {
  const { execPath } = process
  const code = '/opt/function/code'
  const interpreter = '/opt/function/runtime/nodejs20.15/rtsp/nodejs/bin/node'
  const argv = [
    ...['--unshare-net', '--unshare-pid', '--die-with-parent', '--new-session', '--clearenv'],
    ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--tmpfs', '/tmp'],
    ...['--tmpfs', '/opt', '--ro-bind', folder, code, '--ro-bind', execPath, interpreter],
    ...['--setenv', 'PATH', '/usr/bin:/bin', '--setenv', 'RUNTIME_CODE_ROOT', code],
    ...['--chdir', code, '/bin/sh', '-c', './bootstrap & exec "$0" -e "$1" "$2"'],
    ...[interpreter, ASK, path],
  ]
  const { stdout } = await promisify(execFile)(bwrap, argv, { timeout: ASK_MS_MAX })
  return stdout
}
