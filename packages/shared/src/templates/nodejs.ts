/** The file examples/hello-node/index.js. */
export const NODEJS_EVENT = `// The smallest function: no dependencies, answers in the language of the name it is given.
exports.handler = async (event) => {
  const name = event?.name ?? '世界'
  return { statusCode: 200, body: JSON.stringify({ greeting: \`你好，\${name}\` }) }
}
`

/** The file examples/http-node/bootstrap. */
export const NODEJS_HTTP_BOOTSTRAP = `#!/bin/sh
# The platform starts this file and sends requests to port 8000.
exec /opt/function/runtime/nodejs20.15/rtsp/nodejs/bin/node "$RUNTIME_CODE_ROOT/server.js"
`

/** The file examples/http-node/server.js. */
export const NODEJS_HTTP_SERVER = `// A web server of one's own: the platform hands each request on to it, whatever its framework.
const http = require('node:http')

const server = http.createServer((request, response) => {
  const { searchParams } = new URL(request.url, 'http://localhost')
  const name = searchParams.get('name') ?? '世界'
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.end(JSON.stringify({ greeting: \`你好，\${name}\` }))
})

server.listen(8000, '127.0.0.1')
`
