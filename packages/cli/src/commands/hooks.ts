import type { HookProvider, HookView } from '@packline/shared'
import { columns, counted } from '@packline/terminal'
import { deliveryResult } from '../delivery-result.ts'
import { row } from '../rows.ts'
import { everyPage } from '../server/every-page.ts'
import { serverOf } from '../server/find-server.ts'
import type { Terminal } from '../terminal.ts'

interface Json {
  json?: boolean
}

/** `packline hooks list`: which repositories build what on a push. */
export async function listHooks(terminal: Terminal, { json }: Json): Promise<number> {
  const client = await serverOf(terminal)
  const items = await everyPage((page) => client.hooks(page))
  const { stdout, stderr } = terminal
  if (json) stdout.write(`${JSON.stringify({ items })}\n`)
  else if (items.length === 0) stderr.write('no hooks\n')
  else {
    const rows = items.map(({ id, provider, repository, active }) => {
      return [id, provider, active ? 'active' : 'off', repository]
    })
    stdout.write(`${columns([['hook', 'provider', 'state', 'repository'], ...rows])}\n`)
  }
  return 0
}

/** `packline hooks show`: one of them, and what came of its last deliveries. */
export async function showHook(terminal: Terminal, id: string, { json }: Json): Promise<number> {
  const client = await serverOf(terminal)
  const [hook, { items }] = await Promise.all([client.hook(id), client.deliveries(id)])
  const deliveries = items.map((delivery) => {
    const { event, ref = '', outcome, state = '' } = delivery
    return [delivery.id, event, ref, outcome, state, deliveryResult(delivery)]
  })
  const head = ['delivery', 'event', 'ref', 'outcome', 'state', 'result']
  const below = deliveries.length === 0 ? [] : ['', columns([head, ...deliveries])]
  const text = json
    ? JSON.stringify({ hook, deliveries: items })
    : [...hookRows(hook), ...below].join('\n')
  terminal.stdout.write(`${text}\n`)
  return 0
}

interface AddOptions extends Json {
  provider: HookProvider
  branch?: string[]
  tag?: string[]
  manifest?: string
  credential?: string
}

/** `packline hooks add`: what a repository lists in its manifest is built when it is pushed to. */
export async function addHook(
  terminal: Terminal,
  repository: string,
  { provider, branch = [], tag = [], manifest, credential, json }: AddOptions,
): Promise<number> {
  const client = await serverOf(terminal)
  const made = await client.addHook({
    provider,
    repository,
    credential,
    branches: branch.length > 0 ? branch : undefined,
    tags: tag.length > 0 ? tag : undefined,
    functions: manifest === undefined ? undefined : { manifest },
  })
  const secret = made.secret === undefined ? [] : [row('secret', made.secret)]
  const text = json ? JSON.stringify(made) : [...hookRows(made), ...secret].join('\n')
  terminal.stdout.write(`${text}\n`)
  if (!json) terminal.stderr.write(`${row('next', NEXT)}\n`)
  return 0
}

const NEXT = 'give path and secret to the git server; the secret is not shown again'

/** `packline hooks remove`. */
export async function removeHook(terminal: Terminal, id: string, { json }: Json): Promise<number> {
  const removed = await (await serverOf(terminal)).removeHook(id)
  terminal.stdout.write(`${json ? JSON.stringify(removed) : row('removed', id)}\n`)
  return 0
}

/** `packline hooks redeliver`: a delivery is worked off once more. */
export async function redeliver(
  terminal: Terminal,
  id: string,
  delivery: string,
  { json }: Json,
): Promise<number> {
  const receipt = await (await serverOf(terminal)).deliverAgain(id, delivery)
  const { outcome, reason } = receipt
  const text = json ? JSON.stringify(receipt) : row(outcome, reason ?? receipt.delivery)
  terminal.stdout.write(`${text}\n`)
  return 0
}

function hookRows(hook: HookView): string[] {
  const { id, provider, repository, functions, active, deliverTo } = hook
  const listed = Array.isArray(functions)
    ? counted(functions.length, 'function')
    : functions.manifest
  return [
    row('hook', `${id}${active ? '' : ' (off)'}`),
    row('provider', provider),
    row('from', repository),
    ...(hook.credential ? [row('credential', hook.credential)] : []),
    ...(hook.branches ? [row('branches', hook.branches.join(', '))] : []),
    ...(hook.tags ? [row('tags', hook.tags.join(', '))] : []),
    row('builds', listed),
    row('path', deliverTo),
  ]
}
