import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { processesWith, uniqueSeconds, until } from './test-marker.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-worker-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('a worker of its own with a sandbox', () => {
  it('dies with its worker', async () => {
    const seconds = uniqueSeconds()
    const script = `
      import { runTool } from ${JSON.stringify(join(import.meta.dirname, 'run.ts'))}
      import { findIsolation } from ${JSON.stringify(join(import.meta.dirname, 'sandbox.ts'))}
      const command = { argv: ['sh', '-c', 'setsid sleep ${seconds} & wait'], cwd: '/', env: {
        PATH: '/usr/bin' }, network: 'none', binds: [] }
      const signal = new AbortController().signal
      const isolation = await findIsolation({ bwrap: process.env.PACKLINE_TEST_BWRAP })
      await runTool(isolation)(command, { signal, timeoutMs: 60000, outputBytesMax: 9 })
    `
    const worker = spawn(process.execPath, ['--input-type=module', '-e', script])
    await until(async () => (await processesWith(seconds)).length > 0)
    worker.kill('SIGKILL')
    await until(async () => (await processesWith(seconds)).length === 0)
  })

  it('closes what the starter of the worker left open', async () => {
    const secret = join(folder, 'secret')
    await writeFile(secret, 'the token', { mode: 0o600 })
    const handle = await open(secret)
    const script = `
      import { runTool } from ${JSON.stringify(join(import.meta.dirname, 'run.ts'))}
      import { findIsolation } from ${JSON.stringify(join(import.meta.dirname, 'sandbox.ts'))}
      const command = { argv: ['sh', '-c', 'cat <&9; cat /proc/self/fd/25; readlink /proc/self/fd/25'], cwd: '/', env: {
        PATH: '/usr/bin' }, network: 'none', binds: [] }
      const { signal } = new AbortController()
      const options = { signal, timeoutMs: 60000, outputBytesMax: 9e9 }
      const isolation = await findIsolation({ bwrap: process.env.PACKLINE_TEST_BWRAP })
      console.log((await runTool(isolation)(command, options)).stdout)
    `
    // Node.js itself closes what it inherits up to the first gap beyond 15, not what follows.
    const streams = Array.from({ length: 30 }, () => 'ignore' as 'ignore' | 'pipe' | number)
    streams[1] = 'pipe'
    streams[9] = handle.fd
    streams[25] = handle.fd
    const worker = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: streams,
    })
    const parts: Buffer[] = []
    worker.stdout?.on('data', (part: Buffer) => parts.push(part))
    await once(worker, 'close')
    await handle.close()
    expect(Buffer.concat(parts).toString().trim()).toBe('/dev/null')
  })
})
