import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A MinIO of one test, which may stop, freeze and start it at will. */
export interface StoreServer {
  url: string
  origin: string
  start(): Promise<void>
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>
  /** The process stays, its connections stay, and nothing answers. */
  freeze(): void
  thaw(): void
  /** Ends the process and removes its folder. */
  remove(): Promise<void>
}

/** The value of a variable that the test set-up provides; without it the test fails. */
export function testSetting(name: 'PACKLINE_TEST_STORE_URL' | 'PACKLINE_TEST_MINIO'): string {
  const value = process.env[name]
  if (value) return value
  throw new Error(`${name} is not set: run the tests by "npm test", which provides it`)
}

/** A server on a free port with a folder of its own; not started yet. */
export async function storeServer(): Promise<StoreServer> {
  const binary = testSetting('PACKLINE_TEST_MINIO')
  const folder = await mkdtemp(join(tmpdir(), 'packline-minio-'))
  const address = `127.0.0.1:${await freePort()}`
  let child: ChildProcess | undefined

  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return {
    url: `s3+http://packline:packline-secret@${address}/away?region=us-east-1`,
    origin: `http://${address}`,
    async start() {
      child = spawn(binary, ['server', folder, '--address', address, '--quiet'], {
        env: {
          HOME: folder,
          MINIO_ROOT_USER: 'packline',
          MINIO_ROOT_PASSWORD: 'packline-secret',
          MINIO_UPDATE: 'off',
          MINIO_BROWSER: 'off',
        },
        stdio: 'ignore',
      })
      await untilReady(`http://${address}`)
    },
    kill,
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    async remove() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return address.port
}

/** Asks until the server answers, at most 20 s. */
async function untilReady(origin: string): Promise<void> {
  const deadline = Date.now() + 20_000
  while (Date.now() < deadline) {
    const answer = await fetch(`${origin}/minio/health/ready`).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok) return
    await sleep(50)
  }
  throw new Error(`MinIO at ${origin} was not ready within 20 s`)
}
