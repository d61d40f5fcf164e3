import { Server } from 'node:net'
import { join } from 'node:path'
import type { Bind } from '../command.ts'
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
export function doorArguments(): string[] {
  // Replacing the process (execve) is called experimental, which a tool's output should not tell.
  return [NODE, '--disable-warning=ExperimentalWarning', OPENER, String(DOOR_PORT)]
}

const PROXY_VARIABLE = /^(?:https?|all|no|ftp)_proxy$/i

/** The command's environment with the door as its only proxy; the worker's own are not told. */
export function throughDoor(env: Readonly<Record<string, string>>): Record<string, string> {
  const door = `http://127.0.0.1:${DOOR_PORT}`
  // curl reads http_proxy in small letters only, others want large ones.
  const names = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY']
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !PROXY_VARIABLE.test(name))),
    ...Object.fromEntries(names.map((name) => [name, door])),
  }
}

/** The worker's side of a command's door. */
export interface Door {
  /** False until the command itself was started. */
  isOpen(): boolean
  close(): void
}

/** What is used of a child process that was started with a message channel. */
interface Child {
  connected: boolean
  on(event: 'message', listener: (message: unknown, handle: unknown) => void): unknown
  send(message: string, done: () => void): boolean
  disconnect(): void
}

/**
 * Answers at the command's door from the moment it opens. The child's message channel closes when
 * the command takes its place.
 */
export function attendDoor(child: Child, options: GatewayOptions): Door {
  const gateway = openGateway(options)
  const door: { listening?: Server; isClosed: boolean } = { isClosed: false }
  child.on('message', (_message, handle) => {
    if (!(handle instanceof Server)) return
    if (door.isClosed || door.listening) return void handle.close()
    door.listening = handle
    handle.on('connection', gateway.take)
    // Out of descriptors, for instance: the command then waits until its own limit.
    handle.on('error', (error) => options.say(`network: ${error.message}`))
    // Where the channel is gone, so is the command: its exit tells.
    child.send('go', () => undefined)
  })
  return {
    isOpen: () => door.listening !== undefined,
    close: () => {
      door.isClosed = true
      door.listening?.close()
      gateway.close()
      if (child.connected) child.disconnect()
    },
  }
}
