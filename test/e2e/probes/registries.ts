import type { Place } from './place.ts'
import type { Probe } from './probe.ts'
import { elsewhere, everywhere, REACH } from './reaching.ts'

/** `CONNECT HOST PORT` or `GET ADDRESS` to the door, as any client of a proxy would ask. */
const BY_DOOR = `node -e '
  const [method, host, port] = process.argv[1].split(" ")
  const own = new URL(process.env.OWN_REGISTRY)
  const name = host === "own" ? own.hostname : host
  const number = port === "own" ? own.port || (own.protocol === "http:" ? 80 : 443) : port
  const target = method === "GET" ? name : (name.includes(":") ? "[" + name + "]" : name) + ":" + number
  const door = new URL(process.env.https_proxy)
  const socket = require("net").connect(door.port, door.hostname)
  socket.write(method + " " + target + " HTTP/1.1\\r\\nHost: " + target + "\\r\\n\\r\\n")
  let answer = ""
  socket.on("data", (bytes) => {
    answer += bytes
    if (answer.includes("\\r\\n\\r\\n")) process.exit(/^HTTP\\/1.1 2/.test(answer) ? 0 : 1)
  })
  socket.on("error", () => process.exit(1)).on("close", () => process.exit(1))
  setTimeout(() => process.exit(1), 20000)' "$1"`
const FIND_REGISTRY = 'export OWN_REGISTRY=$(node "$npm_execpath" config get registry)'
const WELL_KNOWN = 'CONNECT own own'

/** The listener's port, at this machine by many names. */
function spelt({ servers }: Place): string[] {
  const port = servers.at(-1)?.split(' ')[1] ?? ''
  const names = ['localhost', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '0', '0.0.0.0']
  const longer = ['::ffff:127.0.0.1', '::', '127.0.0.1.', 'localhost.', '127.0.0.1%00.own']
  return [...names, ...longer].map((name) => `CONNECT ${name} ${port}`)
}

/** Beyond the registries, out of stages that have those. */
export const REGISTRY_PROBES: readonly Probe[] = [
  {
    title: 'connects to Redis, the store, the API and this machine',
    carrier: 'npm install script',
    before: REACH.listen,
    attempt: REACH.byNode,
    own: REACH.own,
    others: everywhere,
  },
  {
    title: 'connects to Redis, the store, the API and this machine',
    carrier: 'setup.py',
    before: REACH.listen,
    attempt: REACH.byBash,
    own: REACH.own,
    others: everywhere,
  },
  {
    title: 'connects to Redis, the store, the API and this machine',
    carrier: 'Maven plugin',
    before: REACH.listen,
    attempt: REACH.byBash,
    own: REACH.own,
    others: everywhere,
  },
  {
    title: 'connects to Redis, the store, the API and this machine',
    carrier: 'Gradle script',
    before: REACH.listen,
    attempt: REACH.byPerl,
    own: REACH.own,
    others: everywhere,
  },
  {
    title: 'sends datagrams, which need no answer',
    carrier: "pip's build backend",
    attempt: REACH.byDatagram,
    own: '127.0.0.1 53',
    others: (place) => [...elsewhere(place), '8.8.8.8 53', '169.254.169.254 53', '10.0.0.1 53'],
  },
  {
    title: 'has the way to the registries lead to Redis, the store, the API and this machine',
    carrier: 'npm install script',
    before: FIND_REGISTRY,
    attempt: BY_DOOR,
    own: WELL_KNOWN,
    others: (place) => everywhere(place).map((server) => `CONNECT ${server}`),
  },
  {
    title: 'names this machine to the way to the registries as few do',
    carrier: 'npm install script',
    before: FIND_REGISTRY,
    attempt: BY_DOOR,
    own: WELL_KNOWN,
    others: spelt,
  },
  {
    title: 'asks the way to the registries for pages of servers inside',
    carrier: 'npm install script',
    before: FIND_REGISTRY,
    attempt: BY_DOOR,
    own: WELL_KNOWN,
    others: (place) =>
      everywhere(place).map((server) => {
        const [host = '', port] = server.split(' ')
        return `GET http://${host.includes(':') ? `[${host}]` : host}:${port}/latest/meta-data/`
      }),
  },
  {
    title: 'reaches other ports of a registry, and hosts that are none',
    carrier: 'npm install script',
    before: FIND_REGISTRY,
    attempt: BY_DOOR,
    own: WELL_KNOWN,
    others: () => [
      ...['CONNECT own 22', 'CONNECT own 80', 'CONNECT own 25', 'CONNECT example.com 443'],
      ...[
        'CONNECT metadata.google.internal 80',
        'GET http://example.com/',
        'GET file:///etc/passwd',
      ],
    ],
  },
]
