import { z } from 'zod'

/** Spaces or commas would be read as a list, a line break as another setting. */
const line = z.string().regex(/^[^\r\n]+$/, 'it has a line break or is empty')

/** What of an npmrc says where packages come from, and who asks for them. */
const NPM_SETTING = /^(?:@[\w.~-]+:registry|\/\/\S+:(?:_authToken|_auth|_password|username|email))$/

/**
 * How tools on a worker reach the outside: `npm start` fills it from what the machine has, an
 * operator writes it by hand; it goes to the worker as JSON (PACKLINE_REGISTRIES). What is absent
 * is the tool's own default. Addresses may carry credentials: print them only without.
 */
export const registrySettingsSchema = z.strictObject({
  /** A PEM file with authorities to trust beside the system's own. */
  ca: line.optional(),
  proxy: z
    .strictObject({
      https: line.optional(),
      http: line.optional(),
      /** Hosts that are reached directly, separated by commas. */
      no: line.optional(),
    })
    .optional(),
  /** `config`: scopes' registries and tokens, named as in an npmrc. */
  npm: z
    .strictObject({
      registry: line.optional(),
      config: z.record(z.string().regex(NPM_SETTING), line).optional(),
    })
    .optional(),
  /**
   * Also for uv. Lists are separated by spaces. `findLinks`: folders or pages with wheels;
   * `trustedHosts`: hosts whose certificates are not checked.
   */
  pip: z
    .strictObject({
      indexUrl: line.optional(),
      extraIndexUrls: line.optional(),
      trustedHosts: line.optional(),
      findLinks: line.optional(),
    })
    .optional(),
  /**
   * `settings`: path of a settings.xml, which then says all, proxies too; else `mirror` is asked
   * in place of Maven's central repository.
   */
  maven: z.strictObject({ mirror: line.optional(), settings: line.optional() }).optional(),
  /** GOPROXY, GOSUMDB, GOPRIVATE, GONOPROXY, GONOSUMDB and GOINSECURE, as Go reads them. */
  go: z
    .strictObject({
      proxy: line.optional(),
      sumdb: line.optional(),
      private: line.optional(),
      noproxy: line.optional(),
      nosumdb: line.optional(),
      insecure: line.optional(),
    })
    .optional(),
})

export type RegistrySettings = z.infer<typeof registrySettingsSchema>

/** A server that stages with registries may reach; `*.name` stands for all below a name. */
export interface RegistryHost {
  host: string
  port: number
}

const HOST = /^(?<host>(?:\*\.)?[a-z0-9][a-z0-9._-]*|\[[0-9a-f:.]+\])(?::(?<port>\d{1,5}))?$/i

/**
 * PACKLINE_REGISTRY_HOSTS: `host` (then its port is 443) or `host:port`, with commas between, that
 * stages which ask registries may reach beside those.
 */
export const registryHostsVariable = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .pipe(
    z.array(
      z
        .string()
        .regex(HOST, 'must be host or host:port, with commas between; *.name for all below a name')
        .transform((text): RegistryHost => {
          const { host = '', port = '443' } = HOST.exec(text)?.groups ?? {}
          return { host: host.toLowerCase().replace(/^\[|\]$/g, ''), port: Number(port) }
        }),
    ),
  )
export { NPM_SETTING as NPM_REGISTRY_SETTING }
