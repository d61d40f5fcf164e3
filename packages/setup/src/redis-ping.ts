import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

const ANSWER_MS_MAX = 2000

/** Whether a Redis answers within 2 s at `redis://[[user]:password@]host[:port]`, or `rediss:`. */
export async function redisAnswers(url: string): Promise<boolean> {
  const { hostname, port, protocol, username, password } = new URL(url)
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) }
  const socket = protocol === 'rediss:' ? connectTls(target) : connect(target)
  const names = [username, password].filter(Boolean).map(decodeURIComponent)
  const login = password ? command('AUTH', ...names) : ''
  return await ask(socket, `${login}${command('PING')}`)
}

function ask(socket: Socket, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = ''
    const end = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.setTimeout(ANSWER_MS_MAX, () => end(false))
    socket.once('error', () => end(false))
    socket.once('close', () => end(false))
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      if (/^\+PONG\r\n/m.test(answer)) end(true)
      // Wrong password, or still loading its file: `-ERR ...`, `-LOADING ...`.
      else if (/^-.*\r\n/m.test(answer)) end(false)
    })
    socket.write(text)
  })
}

/** One command as Redis reads it: the number of words, then each with its length in bytes. */
function command(...words: string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
  return `*${words.length}\r\n${parts.join('')}`
}
