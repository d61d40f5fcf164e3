import { join } from 'node:path'
import { freePort, httpAnswers, type Service, startService } from '@packline/setup'

interface BareOptions {
  root: string
  /** For the logs. */
  folder: string
  redis: string
  store: string
  signal: AbortSignal
}

/** Starts API and worker of the bare topology as processes of their own. */
export async function startBare(
  options: BareOptions,
): Promise<{ url: string; services: Service[] }> {
  const { root, folder, redis, store, signal } = options
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { BARE_REDIS_URL: redis, BARE_STORE_URL: store, BARE_PORT: String(port) }
  const start = (name: string, isReady: () => Promise<boolean>) =>
    startService({
      name: `The bare ${name}`,
      argv: [process.execPath, join(root, 'bench/bare', `${name}.ts`)],
      cwd: root,
      env,
      logFile: join(folder, `bare-${name}.log`),
      isReady,
      readyMsMax: 30_000,
      graceMs: 5000,
      signal,
    })
  const api = await start('api', () => httpAnswers(`${url}/healthz`, (status) => status === 200))
  try {
    return { url, services: [api, await start('worker', async () => true)] }
  } catch (error) {
    await api.stop()
    throw error
  }
}
