// Runs inside the sandbox: starts a program that asks the platform for work, gives it the test
// event, and tells what it answers. argv: the program. The API is the one that the platform gives
// to custom runtimes at RUNTIME_API_ADDR (developer guide, "custom runtimes").
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { text } from 'node:stream/consumers'
import { makeTeller } from './probe-teller.mjs'

const [program] = process.argv.slice(2)
const ASK_WITHIN_MS = 20_000
const ID = 'packline-test'
const WORK = '/v1/runtime/invocation'

// Read from the input, as the program could read this process's environment.
const [token, eventText] = readFileSync(0, 'utf8').split('\n')
let startedAt
let teller

const server = http.createServer(async (request, response) => {
  const path = `${request.method} ${request.url}`
  if (path === `GET ${WORK}/request`) give(response)
  else if (path === `POST ${WORK}/response/${ID}`) take(await text(request), response)
  else if (path === `POST ${WORK}/error/${ID}`) fail(await text(request), response)
  else response.writeHead(404).end()
})
server.listen(0, '127.0.0.1', start)

function start() {
  const env = { ...process.env, RUNTIME_API_ADDR: `127.0.0.1:${server.address().port}` }
  const child = spawn(`./${program}`, [], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  teller = makeTeller(token, child)
  child.on('error', (error) => refuse('doesNotStart', [program, error.code]))
  child.on('exit', (code, signal) => {
    const fault = startedAt === undefined ? 'endsUnasked' : 'endsWithoutResult'
    refuse(fault, [program, signal ?? code])
  })
  const late = () => refuse('neverAsks', [program, ASK_WITHIN_MS / 1000])
  setTimeout(() => startedAt ?? late(), ASK_WITHIN_MS)
}

function give(response) {
  // There is one event: whoever asks again waits, as on the platform.
  if (startedAt !== undefined) return
  teller.loaded()
  startedAt = performance.now()
  response.writeHead(200, { 'content-type': 'application/json', 'X-Cff-Request-Id': ID })
  response.end(eventText)
}

function take(body, response) {
  response.end()
  teller.end(teller.answered(parsed(body), performance.now() - startedAt))
}

function fail(body, response) {
  response.end()
  refuse('answersError', [program], body.slice(0, 3000))
}

/** What the worker says in words: texts/faults.ts; `message`: the program's own. */
function refuse(fault, found, message) {
  teller.end({ ok: false, fault, found, message, path: program })
}

function parsed(body) {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
