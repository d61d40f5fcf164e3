import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** An authority of a test's own, which nobody trusts who was not told to. */
export interface Authority {
  /** Its certificate, as a PEM file. */
  path: string
  /** Key and certificate of a server with these names and addresses. */
  issue(names: readonly string[]): { key: Buffer; cert: Buffer }
}

const CURVE = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** Made by openssl in a folder of the test: `needs(context, 'openssl')`. */
export function makeAuthority(folder: string): Authority {
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const [path, key] = [at('authority.pem'), at('authority.key')]
  const subject = ['-subj', '/CN=Packline test authority']
  const constraints = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign']
  const files = ['-keyout', key, '-out', path]
  openssl('req', '-x509', '-days', '2', ...CURVE, ...subject, ...constraints, ...files)
  return {
    path,
    issue: (names) => {
      const list = names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`))
      const extensions = `subjectAltName=${list}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n`
      writeFileSync(at('server.extensions'), extensions)
      const server = ['-keyout', at('server.key'), '-out', at('server.request')]
      openssl('req', '-new', ...CURVE, '-subj', '/CN=server', ...server)
      const signer = ['-CA', path, '-CAkey', key, '-CAcreateserial', '-days', '2']
      const request = ['-in', at('server.request'), '-extfile', at('server.extensions')]
      openssl('x509', '-req', ...request, ...signer, '-out', at('server.pem'))
      return { key: readFileSync(at('server.key')), cert: readFileSync(at('server.pem')) }
    },
  }
}
