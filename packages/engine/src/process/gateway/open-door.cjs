// Runs inside the sandbox, where only its own loopback exists: opens a port there, gives the
// listening socket to the worker, and becomes the command. No process of ours is left beside it.
const { createServer } = require('node:net')

const [port, ...command] = process.argv.slice(2)
const server = createServer()
server.listen({ host: '127.0.0.1', port: Number(port), backlog: 64 }, () => {
  process.send('listening', server)
})
// The worker has it now; every descriptor but the three streams closes with what comes next.
process.once('message', () => process.execve(command[0], command))
