import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import type { Network, Reach } from '../command.ts'
import { dial } from './dial.ts'
import { forward } from './forward.ts'
import { type Allows, NotPublic } from './judge.ts'
import { permitted, plain } from './permitted.ts'
import { workerProxy } from './worker-proxy.ts'

/** Whom a command may reach, and how the worker gets there. */
export interface Passage {
  /** What the servers are to it: the log says it. */
  network: Network
  /** All that is connected to; everything else is refused. */
  reach: readonly Reach[]
  /** The command's own environment: its proxy variables say how the worker gets outside. */
  env: Readonly<Record<string, string>>
}

export interface GatewayOptions extends Passage {
  allows: Allows
  /** For the log: one line per server that was refused or could not be reached. */
  say: (line: string) => void
}

/** The only way outside for one command. */
export interface Gateway {
  /** Answers on a connection that the command has opened to the proxy. */
  take(connection: Socket): void
  /** Leads one on that it has opened to a server of the worker's own loopback. */
  lead(connection: Socket, server: Reach): void
  /** Those that it was kept from, as `host:port`, each once and few in all. */
  refused(): string[]
  /** Those that it may reach and that did not answer it at last, likewise. */
  unreached(): string[]
  /** Ends every connection; those that come later are ended at once. */
  close(): void
}

/** npm opens about fifty at once; a hundred do no harm to the worker. */
const CONNECTIONS_MAX = 100
/** Longer than a git server or a registry stays silent while it prepares an answer. */
const IDLE_MS_MAX = 120_000
/** A command can try a million servers; the log takes so many of its lines. */
const LINES_MAX = 20
/** Of what a command asked for, in a line of the log. */
const SHOWN_CHARS_MAX = 100
const NO_REGISTRY = 'it is no registry of this worker'

/**
 * A proxy in the worker that speaks HTTP (CONNECT, and absolute addresses for plain http) and
 * connects to the named servers only. It answers 403 for others and for those that lie inside, 502
 * for those that do not answer, 503 beyond a hundred connections. Connections that are silent for
 * two minutes are ended.
 */
export function openGateway(options: GatewayOptions): Gateway {
  const connections = new Set<Socket>()
  const refused = new Set<string>()
  const unreached = new Set<string>()
  const closing = new AbortController()
  const say = boundedVoice(options.say)
  const keepFrom = (place: string, why: string) => {
    if (refused.size < LINES_MAX) refused.add(place)
    say(`network: ${place} was refused: ${why}`)
  }
  const answers = ({ host, port }: Reach, isReached: boolean) => {
    const place = `${host}:${port}`
    if (isReached) unreached.delete(place)
    else if (!closing.signal.aborted && unreached.size < LINES_MAX) unreached.add(place)
  }
  const work: Work = { ...options, say, keepFrom, answers, signal: closing.signal }
  const server = createServer({ keepAliveTimeout: IDLE_MS_MAX })
  server.timeout = IDLE_MS_MAX
  server.on('connect', (request, _socket, head) => tunnel(work, request, head))
  server.on('request', (request, response) => answer(work, request, response))
  server.on('clientError', (_error, socket) => socket.destroy())
  const isTaken = (connection: Socket) => {
    connection.on('error', () => connection.destroy())
    if (closing.signal.aborted) return void connection.destroy()
    connections.add(connection)
    connection.once('close', () => connections.delete(connection))
    if (connections.size <= CONNECTIONS_MAX) return true
    say(`network: more than ${CONNECTIONS_MAX} connections at once were refused`)
    return false
  }
  return {
    take: (connection) => {
      const isOne = isTaken(connection)
      if (isOne) server.emit('connection', connection)
      else if (isOne === false) refuse(connection, '503 Service Unavailable')
    },
    lead: (connection, to) => {
      if (isTaken(connection)) lead(work, connection, to)
      else connection.destroy()
    },
    refused: () => [...refused],
    unreached: () => [...unreached],
    close: () => {
      closing.abort()
      for (const connection of connections) connection.destroy()
    },
  }
}

/** Each line once, and few in all. */
function boundedVoice(say: (line: string) => void) {
  const said = new Set<string>()
  return (line: string) => {
    if (said.has(line) || said.size >= LINES_MAX) return
    said.add(line)
    say(said.size < LINES_MAX ? line : 'network: more was refused, which is not shown')
  }
}

interface Work extends GatewayOptions {
  signal: AbortSignal
  keepFrom(place: string, why: string): void
  answers(server: Reach, isReached: boolean): void
}

async function tunnel(work: Work, { url = '', socket: client }: IncomingMessage, head: Buffer) {
  client.setTimeout(IDLE_MS_MAX, () => client.destroy())
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d{1,5})$/.exec(url) ?? []
  const server = serverFor(work, host, Number(port))
  if (!server) return refuse(client, '403 Forbidden')
  try {
    const upstream = await dial(server, workerProxy(work.env, 'https', server), work)
    work.answers(server, true)
    upstream.write(head)
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    join(client, upstream)
  } catch (error) {
    const status = sayWhy(work, server, error)
    if (status === 502) work.answers(server, false)
    refuse(client, status === 403 ? '403 Forbidden' : '502 Bad Gateway')
  }
}

async function lead(work: Work, client: Socket, server: Reach) {
  client.setTimeout(IDLE_MS_MAX, () => client.destroy())
  try {
    join(client, await dial(server, undefined, work))
    work.answers(server, true)
  } catch (error) {
    if (sayWhy(work, server, error) === 502) work.answers(server, false)
    // An ordinary end would look like a server that says nothing.
    client.resetAndDestroy()
  }
}

/** An error on either side ends both; who hung up first is the command's to explain. */
function join(client: Socket, upstream: Socket): void {
  pipeline(client, upstream, () => undefined)
  pipeline(upstream, client, () => undefined)
}

async function answer(work: Work, request: IncomingMessage, response: ServerResponse) {
  const url = URL.parse(request.url ?? '')
  const isPlain = url?.protocol === 'http:'
  const server = isPlain ? serverFor(work, url.hostname, Number(url.port || 80)) : undefined
  if (!url || !server) return void response.writeHead(isPlain ? 403 : 400).end()
  try {
    const proxy = workerProxy(work.env, 'http', server)
    await forward({ ...work, server, url, proxy }, request, response)
    work.answers(server, true)
  } catch (error) {
    const status = sayWhy(work, server, error)
    // Who has an answer, or waits for none any more, was answered.
    if (status === 502 && !response.headersSent && !response.closed) work.answers(server, false)
    if (response.headersSent) response.destroy()
    else response.writeHead(status, { connection: 'close' }).end()
  }
}

function serverFor({ network, reach, keepFrom }: Work, host: string, port: number) {
  const server = permitted(reach, host, port)
  if (server) return server
  const open = reach.map((one) => `${one.host}:${one.port}`).join(', ') || 'nothing'
  const why = network === 'registries' ? NO_REGISTRY : `this command may reach ${open}`
  keepFrom(`${plain(host).slice(0, SHOWN_CHARS_MAX)}:${port}`, why)
  return undefined
}

/** The status to answer with. */
function sayWhy(work: Work, { host, port }: Reach, error: unknown): 403 | 502 {
  if (error instanceof NotPublic) {
    work.keepFrom(`${host}:${port}`, 'it is no address of the public internet')
    return 403
  }
  // Where several addresses were tried the error has no message but a code.
  const { message, code } = error as NodeJS.ErrnoException
  if (!work.signal.aborted) {
    work.say(`network: ${host}:${port} could not be reached: ${message || code}`)
  }
  return 502
}

function refuse(client: Socket, status: string): void {
  const text = `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`
  client.end(text, () => client.destroy())
}
