import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import type { Reach } from '../command.ts'
import { dial } from './dial.ts'
import { forward } from './forward.ts'
import { workerProxy } from './worker-proxy.ts'

export interface GatewayOptions {
  /** All that is connected to; everything else is refused. */
  reach: readonly Reach[]
  /** The command's own environment: its proxy variables say how the worker gets outside. */
  env: Readonly<Record<string, string>>
  /** For the log: one line per server that was refused or could not be reached. */
  say: (line: string) => void
}

/** The only way outside for one command. */
export interface Gateway {
  /** Answers on a connection that the command has opened. */
  take(connection: Socket): void
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

/**
 * A proxy in the worker that speaks HTTP (CONNECT, and absolute addresses for plain http) and
 * connects to the named servers only. It answers 403 for others, 502 for those that do not answer,
 * 503 beyond a hundred connections. Connections that are silent for two minutes are ended.
 */
export function openGateway(options: GatewayOptions): Gateway {
  const connections = new Set<Socket>()
  const closing = new AbortController()
  const say = boundedVoice(options.say)
  const work = { ...options, say, signal: closing.signal }
  const server = createServer({ keepAliveTimeout: IDLE_MS_MAX })
  server.timeout = IDLE_MS_MAX
  server.on('connect', (request, _socket, head) => tunnel(work, request, head))
  server.on('request', (request, response) => answer(work, request, response))
  server.on('clientError', (_error, socket) => socket.destroy())
  return {
    take: (connection) => {
      connection.on('error', () => connection.destroy())
      if (closing.signal.aborted) return void connection.destroy()
      connections.add(connection)
      connection.once('close', () => connections.delete(connection))
      if (connections.size <= CONNECTIONS_MAX) return void server.emit('connection', connection)
      say(`network: more than ${CONNECTIONS_MAX} connections at once were refused`)
      refuse(connection, '503 Service Unavailable')
    },
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

type Work = GatewayOptions & { signal: AbortSignal }

async function tunnel(work: Work, { url = '', socket: client }: IncomingMessage, head: Buffer) {
  client.setTimeout(IDLE_MS_MAX, () => client.destroy())
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d{1,5})$/.exec(url) ?? []
  const server = permitted(work, host, Number(port))
  if (!server) return refuse(client, '403 Forbidden')
  try {
    const upstream = await dial(server, workerProxy(work.env, 'https', server), work.signal)
    upstream.write(head)
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    // An error on either side ends both; who hung up first is the command's to explain.
    pipeline(client, upstream, () => undefined)
    pipeline(upstream, client, () => undefined)
  } catch (error) {
    sayWhy(work, server, error)
    refuse(client, '502 Bad Gateway')
  }
}

async function answer(work: Work, request: IncomingMessage, response: ServerResponse) {
  const url = URL.parse(request.url ?? '')
  const isPlain = url?.protocol === 'http:'
  const server = isPlain ? permitted(work, url.hostname, Number(url.port || 80)) : undefined
  if (!url || !server) return void response.writeHead(isPlain ? 403 : 400).end()
  try {
    const proxy = workerProxy(work.env, 'http', server)
    await forward({ server, url, proxy, signal: work.signal }, request, response)
  } catch (error) {
    sayWhy(work, server, error)
    if (response.headersSent) response.destroy()
    else response.writeHead(502, { connection: 'close' }).end()
  }
}

/** The server of the list that is meant; what the command wrote is compared and never used. */
function permitted({ reach, say }: Work, host: string, port: number): Reach | undefined {
  const asked = host.toLowerCase().replace(/^\[|\]$/g, '')
  const server = reach.find((one) => one.host.toLowerCase() === asked && one.port === port)
  if (server) return server
  const open = reach.map((one) => `${one.host}:${one.port}`).join(', ') || 'nothing'
  const shown = `${asked.slice(0, SHOWN_CHARS_MAX)}:${port}`
  say(`network: ${shown} was refused: this command may reach ${open}`)
  return undefined
}

function sayWhy({ say, signal }: Work, { host, port }: Reach, error: unknown): void {
  if (signal.aborted) return
  // Where several addresses were tried the error has no message but a code.
  const { message, code } = error as NodeJS.ErrnoException
  say(`network: ${host}:${port} could not be reached: ${message || code}`)
}

function refuse(client: Socket, status: string): void {
  const text = `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`
  client.end(text, () => client.destroy())
}
