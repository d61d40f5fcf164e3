// A web server of one's own: the platform hands each request on to it, whatever its framework.
const http = require('node:http')

const server = http.createServer((request, response) => {
  const { searchParams } = new URL(request.url, 'http://localhost')
  const name = searchParams.get('name') ?? '世界'
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.end(JSON.stringify({ greeting: `你好，${name}` }))
})

server.listen(8000, '127.0.0.1')
