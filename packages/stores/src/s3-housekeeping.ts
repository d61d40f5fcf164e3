import http from 'node:http'
import https from 'node:https'
import { addAbortSignal } from 'node:stream'
import type { Client } from 'minio'
import type { Credentials } from './sign-request.ts'
import type { StoredObject } from './store.ts'
import { NoAnswerError } from './store-failure.ts'

/** What is done seldom enough to leave it to the MinIO client. */
export interface S3Housekeeping {
  makeBucket(bucket: string): Promise<void>
  list(bucket: string, prefix: string, signal?: AbortSignal): AsyncIterable<StoredObject>
  remove(bucket: string, key: string): Promise<void>
  close(): void
}

interface HousekeepingOptions extends Credentials {
  origin: string
  timeoutMs: number
}

/** The client is loaded at the first use: that takes longer than most commands run. */
export function s3Housekeeping(options: HousekeepingOptions): S3Housekeeping {
  const isSecure = options.origin.startsWith('https:')
  const agent = new (isSecure ? https : http).Agent({ keepAlive: true, maxSockets: 16 })
  let opening: Promise<Client> | undefined
  const connect = () => {
    opening ??= openClient(options, agent)
    return opening
  }

  return {
    async makeBucket(bucket) {
      const client = await connect()
      await client.makeBucket(bucket, options.region).catch((error: unknown) => {
        // Another process was faster.
        if (codeOf(error) !== 'BucketAlreadyOwnedByYou') throw asNoAnswer(error)
      })
    },
    async *list(bucket, prefix, signal) {
      const client = await connect()
      const stream = client.listObjectsV2(bucket, prefix, true)
      if (signal) addAbortSignal(signal, stream)
      for await (const { name, size, lastModified } of stream) {
        yield { key: name, size, modifiedAt: lastModified }
      }
    },
    async remove(bucket, key) {
      const client = await connect()
      await client.removeObject(bucket, key).catch((error: unknown) => {
        throw asNoAnswer(error)
      })
    },
    close: () => agent.destroy(),
  }
}

async function openClient(
  { origin, accessKey, secretKey, region, timeoutMs }: HousekeepingOptions,
  transportAgent: http.Agent,
): Promise<Client> {
  const { Client } = await import('minio')
  const { hostname, port, protocol } = new URL(origin)
  const useSSL = protocol === 'https:'
  return new Client({
    endPoint: hostname,
    port: Number(port) || (useSSL ? 443 : 80),
    useSSL,
    accessKey,
    secretKey,
    // Without it the client asks the server for the bucket's region first.
    region,
    pathStyle: true,
    // It would write its own retries to the console.
    retryOptions: { disableRetry: true },
    transport: boundedTransport(useSSL ? https : http, timeoutMs),
    transportAgent,
  })
}

/** The client waits for ever; this ends a request whose connection is silent for too long. */
function boundedTransport(transport: typeof http | typeof https, timeoutMs: number) {
  const request = (
    options: https.RequestOptions,
    onResponse: (r: http.IncomingMessage) => void,
  ) => {
    const sent = transport.request({ ...options, timeout: timeoutMs }, onResponse)
    sent.on('timeout', () => sent.destroy(new NoAnswerError(`no answer within ${timeoutMs} ms`)))
    return sent
  }
  return { request } as typeof http
}

/** What the server refused stays as it is, everything else may go better at another try. */
function asNoAnswer(error: unknown): unknown {
  return codeOf(error) === undefined ? new NoAnswerError('', { cause: error }) : error
}

/** The S3 code of an error; network errors of Node.js have a `code` and a `syscall`. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || 'syscall' in error || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
