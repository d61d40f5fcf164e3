import type { CommitStatusProvider } from '@packline/shared'
import * as z from 'zod'
import { type Answer, type Received, type Receiver, startReceiver } from './receiver.ts'

const SHA = '[0-9a-f]{40}(?:[0-9a-f]{24})?'
const link = z.url().optional()

/** What a provider's documentation says of the call that sets a status. */
interface Documented {
  calls: { method: string; path: RegExp; body: z.ZodType }[]
  /** The token that the call carries, from where the documentation wants it. */
  token(call: Received): string | undefined
  answer: { status: number; body: object }
}

const bearer = ({ headers }: Received) => /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]

/** REST API, "Create a commit status". */
const github: Documented = {
  calls: [
    {
      method: 'POST',
      path: RegExp(`^/repos/[\\w.-]+/[\\w.-]+/statuses/${SHA}$`),
      body: z.strictObject({
        state: z.enum(['error', 'failure', 'pending', 'success']),
        target_url: link,
        description: z.string().max(140),
        context: z.string().min(1),
      }),
    },
  ],
  token: (call) =>
    call.headers.accept === 'application/vnd.github+json' ? bearer(call) : undefined,
  answer: { status: 201, body: { id: 1, state: 'success' } },
}

/** Commits API, "Set commit pipeline status"; the project is its id or its path, encoded. */
const gitlab: Documented = {
  calls: [
    {
      method: 'POST',
      path: RegExp(`^/projects/(?:\\d+|[\\w.-]+(?:%2F[\\w.-]+)+)/statuses/${SHA}$`),
      body: z.strictObject({
        state: z.enum(['pending', 'running', 'success', 'failed', 'canceled', 'skipped']),
        name: z.string().min(1),
        target_url: link,
        description: z.string().max(255),
      }),
    },
  ],
  token: ({ headers }) => String(headers['private-token']),
  answer: { status: 201, body: { id: 93, status: 'success' } },
}

/** CreateStatusOption of the API's own description. */
const gitea: Documented = {
  calls: [
    {
      method: 'POST',
      path: RegExp(`^/repos/[\\w.-]+/[\\w.-]+/statuses/${SHA}$`),
      body: z.strictObject({
        state: z.enum(['pending', 'success', 'error', 'failure', 'warning', 'skipped']),
        target_url: link,
        description: z.string(),
        context: z.string().min(1),
      }),
    },
  ],
  token: ({ headers }) => /^token (\S+)$/.exec(headers.authorization ?? '')?.[1],
  answer: { status: 201, body: { id: 7, status: 'success' } },
}

const giteeRun = z
  .strictObject({
    access_token: z.string(),
    name: z.string().min(1),
    details_url: link,
    status: z.enum(['queued', 'in_progress', 'completed']),
    conclusion: z
      .enum([
        'neutral',
        'success',
        'failure',
        'cancelled',
        'action_required',
        'timed_out',
        'skipped',
      ])
      .optional(),
    output: z.strictObject({ title: z.string().min(1), summary: z.string().min(1) }),
  })
  .refine(({ status, conclusion }) => (status === 'completed') === (conclusion !== undefined))

/** API v5, Checks: "创建检查项" and "更新检查项". */
const gitee: Documented = {
  calls: [
    {
      method: 'POST',
      path: /^\/repos\/[\w.-]+\/[\w.-]+\/check-runs$/,
      body: giteeRun.safeExtend({ head_sha: z.string().regex(RegExp(`^${SHA}$`)) }),
    },
    { method: 'PATCH', path: /^\/repos\/[\w.-]+\/[\w.-]+\/check-runs\/\d+$/, body: giteeRun },
  ],
  token: ({ body }) => JSON.parse(body).access_token,
  answer: { status: 201, body: { id: 4711, status: 'queued' } },
}

const DOCUMENTED: Record<CommitStatusProvider, Documented> = { github, gitlab, gitea, gitee }

export interface StatusServer extends Omit<Receiver, 'received'> {
  /** Base of its API. */
  api: string
  /** Calls that had the documented form and the token, with their bodies. */
  statuses(): { method: string; path: string; body: Record<string, unknown> }[]
  /** What was wrong with others. */
  wrong: string[]
}

/** Stands in for a git server: takes a call only in the form that its documentation has. */
export async function startStatusServer(
  provider: CommitStatusProvider,
  token: string,
  base = '/api',
): Promise<StatusServer> {
  const wrong: string[] = []
  const right: Received[] = []
  const { calls, token: tokenOf, answer } = DOCUMENTED[provider]
  const receiver = await startReceiver((call): Answer => {
    const path = call.path.slice(base.length)
    const known = calls.find((one) => one.method === call.method && one.path.test(path))
    const mistake = !known || !call.path.startsWith(base) ? `no ${call.method} ${call.path}` : ''
    const parsed = known?.body.safeParse(JSON.parse(call.body))
    const form = parsed?.success === false ? parsed.error.message : ''
    const isJson = call.headers['content-type'] === 'application/json'
    if (mistake || form || !isJson) {
      wrong.push(mistake || form || 'not JSON')
      return { status: mistake ? 404 : 422, body: '{"message":"wrong"}' }
    }
    if (tokenOf(call) !== token) return { status: 401, body: '{"message":"Bad credentials"}' }
    right.push(call)
    return { status: answer.status, body: JSON.stringify(answer.body) }
  })
  return {
    ...receiver,
    api: `${receiver.url}${base}`,
    wrong,
    statuses: () =>
      right.map(({ method, path, body }) => ({ method, path, body: JSON.parse(body) })),
  }
}
