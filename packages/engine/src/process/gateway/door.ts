import { Server, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Bind, Reach } from '../command.ts'
import { type GatewayOptions, openGateway } from './gateway.ts'

/** Of the command's own loopback, hence always free and the same for every command. */
const DOOR_PORT = 3128
const NODE = '/packline/node'
const OPENER = '/packline/open-door.cjs'

/** What a command with a door sees besides its own binds; `node`: the worker's own Node.js. */
export function doorBinds(node: string): Bind[] {
  return [
    { from: node, to: NODE },
    { from: join(import.meta.dirname, 'open-door.cjs'), to: OPENER },
  ]
}

/** Stands before the command, whose first word must be a path: it is not searched for. */
export function doorArguments(reach: readonly Reach[]): string[] {
  const ports = [DOOR_PORT, ...mirrored(reach).map(({ port }) => port)]
  // Replacing the process (execve) is called experimental, which a tool's output should not tell.
  return [NODE, '--disable-warning=ExperimentalWarning', OPENER, [...new Set(ports)].join(',')]
}

/**
 * What the operator has on the worker's own loopback is found on that of the command, too: Go takes
 * no proxy to a server there, and npm none to one that has a number for a name and TLS.
 */
function mirrored(reach: readonly Reach[]): Reach[] {
  return reach.filter(({ host, port, isTrusted }) => {
    return isTrusted && LOOPBACK.test(host) && port >= PORT_MIN
  })
}

/** Those below are root's to open. */
const PORT_MIN = 1024
const LOOPBACK = /^(?:localhost|127\.[\d.]+|::1)$/i
const PROXY_VARIABLE = /^(?:https?|all|no|ftp)_proxy$/i

/** Where a command that has a door finds it, by HTTP. */
export const DOOR = { host: '127.0.0.1', port: DOOR_PORT }

/** The command's environment with the door as its only proxy; the worker's own are not told. */
export function throughDoor(
  env: Readonly<Record<string, string>>,
  reach: readonly Reach[],
): Record<string, string> {
  const direct = [...new Set(mirrored(reach).map(({ host }) => host))].join(',')
  const door = `http://${DOOR.host}:${DOOR.port}`
  // curl reads http_proxy in small letters only, others want large ones.
  const names = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY']
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !PROXY_VARIABLE.test(name))),
    ...Object.fromEntries(names.map((name) => [name, door])),
    ...(direct === '' ? {} : { no_proxy: direct, NO_PROXY: direct }),
  }
}

/** The worker's side of a command's door. */
export interface Door {
  /** False until the command itself was started. */
  isOpen(): boolean
  /** Servers that the command was kept from, as `host:port`. */
  refused(): string[]
  /** Those that it may reach and that did not answer it, likewise. */
  unreached(): string[]
  close(): void
}

/** What is used of a child process that was started with a message channel. */
interface Child {
  connected: boolean
  on(event: 'message', listener: (port: unknown, handle: unknown) => void): unknown
  send(message: string, done: () => void): boolean
  disconnect(): void
}

/**
 * Answers at the command's door from the moment it opens. The child's message channel closes when
 * the command takes its place.
 */
export function attendDoor(child: Child, options: GatewayOptions): Door {
  const gateway = openGateway(options)
  const places = new Map(mirrored(options.reach).map((server) => [server.port, server]))
  const door: { listening: Map<unknown, Server>; isClosed: boolean } = {
    listening: new Map(),
    isClosed: false,
  }
  const answerAt = (port: unknown): ((connection: Socket) => void) | undefined => {
    if (port === DOOR_PORT) return gateway.take
    const server = typeof port === 'number' ? places.get(port) : undefined
    return server && ((connection) => gateway.lead(connection, server))
  }
  child.on('message', (port, handle) => {
    if (!(handle instanceof Server)) return
    const answer = answerAt(port)
    if (!answer || door.isClosed || door.listening.has(port)) return void handle.close()
    door.listening.set(port, handle)
    handle.on('connection', answer)
    // Out of descriptors, for instance: the command then waits until its own limit.
    handle.on('error', (error) => options.say(`network: ${error.message}`))
    // Where the channel is gone, so is the command: its exit tells.
    if (port === DOOR_PORT) child.send('go', () => undefined)
  })
  return {
    isOpen: () => door.listening.has(DOOR_PORT),
    refused: gateway.refused,
    unreached: gateway.unreached,
    close: () => {
      door.isClosed = true
      for (const listening of door.listening.values()) listening.close()
      gateway.close()
      if (child.connected) child.disconnect()
    },
  }
}
