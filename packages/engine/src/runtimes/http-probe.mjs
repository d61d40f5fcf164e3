// Runs inside the sandbox: starts ./bootstrap and waits until its port answers HTTP; where a test
// event follows the token, it is sent as one request.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { makeTeller } from './probe-teller.mjs'

const [port, within] = process.argv.slice(2)
const ANSWER_WITHIN_MS = Number(within)
const AGAIN_AFTER_MS = 50

// Read from the input, as bootstrap could read this process's environment.
const [token, eventText] = readFileSync(0, 'utf8').split('\n')
const child = spawn('./bootstrap', [], { stdio: ['ignore', 'inherit', 'inherit'] })
const teller = makeTeller(token, child)
/** What the worker says in words: texts/faults.ts. */
const refuse = (fault, ...found) => teller.end({ ok: false, fault, found, path: 'bootstrap' })

child.on('error', (error) => refuse('doesNotStart', 'bootstrap', error.code))
child.on('exit', (code, signal) => refuse('endsUnanswered', 'bootstrap', signal ?? code, port))

function ask() {
  const request = http.get({ host: '127.0.0.1', port, timeout: 2000 }, (response) => {
    response.resume()
    if (!eventText) {
      teller.end({ ok: true })
      return
    }
    teller.loaded()
    send(JSON.parse(eventText)).then(teller.end, ({ message }) => {
      teller.end({ ok: false, message, path: 'bootstrap' })
    })
  })
  request.on('timeout', () => request.destroy())
  request.on('error', () => setTimeout(ask, AGAIN_AFTER_MS))
}

async function send({ method, path = '/', headers = {}, body }) {
  const isText = typeof body === 'string'
  const type = body === undefined || isText ? {} : { 'content-type': 'application/json' }
  const started = performance.now()
  const response = await fetch(new URL(path, `http://127.0.0.1:${port}`), {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...type, ...headers },
    body: isText ? body : JSON.stringify(body),
    redirect: 'manual',
  })
  const text = await response.text()
  const answer = {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: parsed(text),
  }
  return teller.answered(answer, performance.now() - started)
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

ask()
const late = () => refuse('portSilent', port, ANSWER_WITHIN_MS / 1000)
setTimeout(() => teller.isLoaded() || late(), ANSWER_WITHIN_MS)
