import type { RegistrySettings } from '@packline/shared'
import type { Reach } from '../process/command.ts'
import { workerProxy } from '../process/gateway/worker-proxy.ts'

/**
 * By which proxy the worker itself reaches an https server; undefined: directly. Throws where the
 * settings have no http or https address for it.
 */
export function httpsProxy({ proxy }: RegistrySettings): (server: Reach) => URL | undefined {
  const env = { https_proxy: proxy?.https ?? '', no_proxy: proxy?.no ?? '' }
  return (server) => workerProxy(env, 'https', server)
}
