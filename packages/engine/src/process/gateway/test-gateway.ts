import { once } from 'node:events'
import { request, type Server as WebServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { type GatewayOptions, openGateway } from './gateway.ts'

/** What a test has opened; `closeAll` ends it, in any order. */
const closers: (() => unknown)[] = []
export async function closeAll(): Promise<void> {
  await Promise.all(closers.splice(0).map((close) => close()))
}

/** On loopback; gives the port. */
export async function listen(server: Server | WebServer): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

/** A gateway behind a port of this test, as it is behind the door of a command. */
export async function gateway(options: Partial<GatewayOptions>) {
  const lines: string[] = []
  const reach = options.reach?.map((one) => ({ isTrusted: true, ...one })) ?? []
  const opened = openGateway({
    network: 'source-host',
    env: {},
    allows: () => false,
    say: (line) => lines.push(line),
    ...options,
    reach,
  })
  const port = await listen(createServer(opened.take))
  closers.push(opened.close)
  return { ...opened, port, lines }
}

export async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  closers.push(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** Asks a gateway for a tunnel. */
export async function ask(port: number, authority: string) {
  const socket = await open(port)
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`)
  const [bytes] = await once(socket, 'data')
  return { socket, status: String(bytes).split('\r\n')[0]?.slice('HTTP/1.1 '.length) }
}

/** Asks a gateway for an address in clear. */
export async function get(port: number, url: string, method = 'GET', body = '') {
  const headers = { 'proxy-authorization': 'x', 'x-own': 'kept' }
  const asked = request({ host: '127.0.0.1', port, path: url, method, headers, agent: false })
  asked.end(body)
  const [response] = await once(asked, 'response')
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}
