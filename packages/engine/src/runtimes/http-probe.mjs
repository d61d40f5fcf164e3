// Runs inside the sandbox: starts ./bootstrap and waits until its port answers HTTP.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import http from 'node:http'

// From the input, as bootstrap could read this process's environment.
const token = readFileSync(0, 'utf8').trim()
const [port] = process.argv.slice(2)
const ANSWER_WITHIN_MS = 20_000
const AGAIN_AFTER_MS = 50

const child = spawn('./bootstrap', [], { stdio: ['ignore', 'inherit', 'inherit'] })
let isAnswered = false

function answer(result) {
  // Killing bootstrap makes it end, which is no second answer.
  if (isAnswered) return
  isAnswered = true
  child.kill('SIGKILL')
  process.stdout.write(`\n${token} ${JSON.stringify(result)}\n`, () => process.exit(0))
}

function refuse(message) {
  answer({ ok: false, message, path: 'bootstrap' })
}

child.on('error', (error) => refuse(`bootstrap does not start: ${error.code}`))
child.on('exit', (code, signal) =>
  refuse(`bootstrap ended (${signal ?? `exit code ${code}`}) before port ${port} answered`),
)

function ask() {
  const request = http.get({ host: '127.0.0.1', port, timeout: 2000 }, (response) => {
    response.resume()
    answer({ ok: true })
  })
  request.on('timeout', () => request.destroy())
  request.on('error', () => setTimeout(ask, AGAIN_AFTER_MS))
}
ask()
const late = `port ${port} did not answer within ${ANSWER_WITHIN_MS / 1000} s`
setTimeout(() => refuse(late), ANSWER_WITHIN_MS)
