// Run in a sandbox by the worker's own Node.js, for ssh: carries its bytes through the sandbox's door
// to the host and port given, by HTTP CONNECT.
const { connect } = require('node:net')

const [host, port] = process.argv.slice(2)
const door = new URL(process.env.https_proxy ?? 'http://127.0.0.1:3128')
const at = host.includes(':') ? `[${host}]` : host
const socket = connect({ host: door.hostname, port: Number(door.port) }, () => {
  socket.write(`CONNECT ${at}:${port} HTTP/1.1\r\nHost: ${at}:${port}\r\n\r\n`)
})

let head = Buffer.alloc(0)
socket.on('data', function read(chunk) {
  head = Buffer.concat([head, chunk])
  const end = head.indexOf('\r\n\r\n')
  if (end < 0) return
  socket.off('data', read)
  const [status] = head.toString('latin1').split('\r\n')
  if (!/^HTTP\/1\.\d 200/.test(status))
    fail(`the connection to ${at}:${port} was refused: ${status}`)
  process.stdout.write(head.subarray(end + 4))
  socket.pipe(process.stdout)
  process.stdin.pipe(socket)
})
socket.on('error', (error) => fail(error.message))
process.stdout.on('error', () => process.exit(0))

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
