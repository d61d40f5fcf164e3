// Runs inside the sandbox: starts ./bootstrap and waits until its port answers HTTP.
import { spawn } from 'node:child_process'
import http from 'node:http'

const token = process.env.PACKLINE_TOKEN
const [port] = process.argv.slice(2)
const { PACKLINE_TOKEN: _, ...env } = process.env
const child = spawn('./bootstrap', [], { env, stdio: ['ignore', 'inherit', 'inherit'] })

function answer(result) {
  child.kill('SIGKILL')
  process.stdout.write(`\n${token} ${JSON.stringify(result)}\n`, () => process.exit(0))
}

child.on('error', (error) =>
  answer({ ok: false, message: `bootstrap does not start: ${error.code}`, path: 'bootstrap' }),
)
child.on('exit', (code, signal) =>
  answer({
    ok: false,
    message: `bootstrap ended (${signal ?? `exit code ${code}`}) before port ${port} answered`,
    path: 'bootstrap',
  }),
)

function ask() {
  const request = http.get({ host: '127.0.0.1', port, timeout: 2000 }, (response) => {
    response.resume()
    answer({ ok: true })
  })
  request.on('timeout', () => request.destroy())
  request.on('error', () => setTimeout(ask, 50))
}
ask()
setTimeout(
  () =>
    answer({ ok: false, message: `port ${port} did not answer within 20 s`, path: 'bootstrap' }),
  20_000,
)
