// Runs inside the sandbox, where only its own loopback exists: opens ports there, gives the
// listening sockets to the worker, and becomes the command. No process of ours is left beside it.
const { once } = require('node:events')
const { createServer } = require('node:net')

const [ports, ...command] = process.argv.slice(2)
const [door, ...mirrored] = ports.split(',').map(Number)

async function open(port) {
  const server = createServer().listen({ host: '127.0.0.1', port, backlog: 64 })
  await once(server, 'listening')
  process.send(port, server)
}

async function openAll() {
  await Promise.all(mirrored.map(open))
  // The door last: when it is there, so are the others.
  await open(door)
}

// The worker has them then; every descriptor but the three streams closes with what comes next.
process.once('message', () => process.execve(command[0], command))
openAll()
