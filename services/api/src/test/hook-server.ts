import { type OutgoingHttpHeaders, request } from 'node:http'
import { type HookRequestInput, hookRequestSchema } from '@packline/shared'
import express from 'express'
import { pino } from 'pino'
import {
  makeTestInstallation,
  type TestInstallation,
} from '../../../../packages/records/src/test-installation.ts'
import { answerProblem } from '../problem.ts'
import { receiveRoutes } from '../routes/receive.ts'
import type { Surroundings } from '../surroundings.ts'
import { REPOSITORY, SECRET, type Sent } from './payloads.ts'
import { serve } from './serve.ts'

export interface HookServer {
  installation: TestInstallation
  /** What it has logged: of a forged delivery a warning, never an error. */
  logged: { level: number; msg: string }[]
  /** A new hook's id. */
  hook(more: Partial<HookRequestInput>): Promise<string>
  /** Exactly these headers and bytes. */
  send(hook: string, sent: Sent, query?: string): Promise<{ status: number; body: Answer }>
  /** How many deliveries of the hook are to be built. */
  accepted(hook: string): Promise<number>
  close(): Promise<void>
}

interface Answer {
  outcome?: string
  delivery?: string
  reason?: string
  code?: string
  detail?: string
}

/** Where git servers deliver, with records on the real Redis. */
export async function startHookServer(): Promise<HookServer> {
  const installation = await makeTestInstallation()
  const { records } = installation
  const logged: HookServer['logged'] = []
  const logger = pino({}, { write: (line: string) => logged.push(JSON.parse(line)) })
  const app = express()
  app.use('/hooks', receiveRoutes({ records, logger } as unknown as Surroundings))
  app.use(answerProblem(logger))
  const server = await serve(app)
  return {
    installation,
    logged,
    hook: async (more) => {
      const asked = { provider: 'github', repository: REPOSITORY, secret: SECRET, ...more }
      return (await records.hooks.create('acme', hookRequestSchema.parse(asked))).id
    },
    send: (hook, { headers, twice, body }, query = '') =>
      post(`${server.url}/hooks/${hook}${query}`, { ...headers, ...twice }, body),
    accepted: async (hook) => {
      const all = await records.hooks.deliveries('acme', hook)
      return all.filter(({ outcome }) => outcome === 'accepted').length
    },
    close: async () => {
      await server.close()
      await installation.remove()
    },
  }
}

/** `fetch` would mend headers and add its own. */
function post(url: string, headers: OutgoingHttpHeaders, body: Buffer) {
  return new Promise<{ status: number; body: Answer }>((resolve, reject) => {
    const length = { 'content-length': String(body.length) }
    const sending = request(url, { method: 'POST', headers: { ...length, ...headers } })
    sending.on('error', reject).on('response', async (response) => {
      const text = Buffer.concat(await response.toArray()).toString()
      resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Answer })
    })
    sending.end(body)
  })
}
