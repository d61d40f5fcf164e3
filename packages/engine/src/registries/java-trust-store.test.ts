import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { needs } from '../../../../test/harness/needs.ts'
import { findTools } from '../tools/tools.ts'
import { javaTrustStore } from './java-trust-store.ts'

const CERTIFICATES = rootCertificates.slice(0, 3).map((pem) => new X509Certificate(pem))
const RAW = CERTIFICATES.map(({ raw }) => raw)

function storeFile(content: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'packline-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'store'), content)
  return join(folder, 'store')
}

test('every JDK of this machine reads it, with and without its password', async (context) => {
  needs(context, 'java')
  const { jdks } = await findTools({ path: process.env.PATH ?? '', home: homedir() })
  expect(jdks).not.toEqual([])
  const file = storeFile(javaTrustStore(RAW))
  for (const { java } of jdks) {
    for (const password of [[], ['-storepass', 'changeit']]) {
      const keytool = join(dirname(java), 'keytool')
      const args = ['-list', '-keystore', file, ...password]
      const text = execFileSync(keytool, args, {
        input: '\n',
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'ignore'],
        env: { LC_ALL: 'C' },
      })
      for (const { fingerprint256 } of CERTIFICATES) expect(text).toContain(fingerprint256)
      expect(text).toContain('contains 3 entries')
    }
  }
})

test('the same certificates give the same bytes, sealed with the digest of the format', () => {
  const store = javaTrustStore(RAW)
  expect(store.equals(javaTrustStore(RAW))).toBe(true)
  expect(store.readUInt32BE(0).toString(16)).toBe('feedfeed')
  const password = Buffer.from([...'changeit'].flatMap((letter) => [0, letter.charCodeAt(0)]))
  const seal = createHash('sha1')
    .update(password)
    .update('Mighty Aphrodite')
    .update(store.subarray(0, -20))
  expect(store.subarray(-20).equals(seal.digest())).toBe(true)
})
