import { spawn } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Connection, Server, type Session, utils } from 'ssh2'

/** Serves the repositories below a folder over ssh, to one key, by git's own upload-pack. */
export interface SshGitServer {
  port: number
  /** Such as ssh://git@127.0.0.1:4022; repositories are below. */
  url: string
  /** Of whoever is let in, in OpenSSH's form. */
  privateKey: string
  knownHosts: string
  commands: string[]
  close(): Promise<void>
}

export async function serveOverSsh(folder: string): Promise<SshGitServer> {
  const [host, user] = [newKeys(), newKeys()]
  const allowed = utils.parseKey(user.public)
  if (allowed instanceof Error) throw allowed
  const commands: string[] = []
  const open = new Set<Connection>()
  const server = new Server({ hostKeys: [host.private] }, (client) => {
    open.add(client)
    client.on('close', () => open.delete(client))
    // Who does not like our key hangs up.
    client.on('error', () => undefined)
    client.on('authentication', (context) => {
      const isKey =
        context.method === 'publickey' && context.key.data.equals(allowed.getPublicSSH())
      if (!isKey) return context.reject(['publickey'])
      if (!context.signature) return context.accept()
      const isSigned = allowed.verify(context.blob ?? '', context.signature, context.hashAlgo)
      return isSigned === true ? context.accept() : context.reject()
    })
    client.on('session', (accept) => serveSession(accept(), folder, commands))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `ssh://git@127.0.0.1:${port}`,
    privateKey: user.private,
    knownHosts: `[127.0.0.1]:${port} ${host.public}\n`,
    commands,
    close: () => {
      for (const client of open) client.end()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

export function newKeys(): { private: string; public: string } {
  return utils.generateKeyPairSync('ed25519')
}

function serveSession(session: Session, folder: string, commands: string[]): void {
  const env: Record<string, string> = {}
  session.on('env', (accept, _reject, { key, val }) => {
    if (key === 'GIT_PROTOCOL') env[key] = val
    accept?.()
  })
  session.on('exec', (accept, reject, { command }) => {
    commands.push(command)
    const [, path] = /^git-upload-pack '\/([\w./-]+)'$/.exec(command) ?? []
    if (path === undefined) return reject()
    const stream = accept()
    const config = ['-c', 'safe.directory=*']
    const child = spawn('git', [...config, 'upload-pack', join(folder, path)], {
      env: { ...process.env, ...env },
      stdio: 'pipe',
    })
    stream.pipe(child.stdin)
    child.stdin.on('error', () => undefined)
    child.stdout.pipe(stream, { end: false })
    child.stderr.pipe(stream.stderr, { end: false })
    child.on('close', (code) => {
      stream.exit(code ?? 1)
      stream.end()
    })
  })
}
