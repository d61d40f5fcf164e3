import { X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { rootCertificates } from 'node:tls'
import { PacklineError } from '@packline/shared'

/** Where Linux distributions and macOS keep the authorities of the system; the first one counts. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/** The public authorities together are a fifth of a MiB. */
const BUNDLE_BYTES_MAX = 8 * 1024 * 1024

/**
 * The certificates of a PEM file and of the system, each once: most tools take one file in place
 * of the system's, so a file with a company's own authority alone would cut the public ones off.
 * Throws INVALID_REQUEST where the file can not be read or holds no certificate.
 */
export async function readAuthorities(path: string): Promise<X509Certificate[]> {
  const own = blocksOf(await read(path))
  if (certificatesOf(own).length === 0) throw unusable(path, 'holds no certificate')
  return certificatesOf([...own, ...(await systemBlocks())])
}

async function read(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > BUNDLE_BYTES_MAX) throw unusable(path, `has ${size} bytes`)
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof PacklineError) throw error
    throw unusable(path, 'can not be read', error)
  }
}

function unusable(path: string, why: string, cause?: unknown): PacklineError {
  return new PacklineError('INVALID_REQUEST', `The file of authorities ${path} ${why}`, {
    hint: 'PACKLINE_REGISTRIES names it as "ca": expected is a PEM file with certificates.',
    cause,
  })
}

async function systemBlocks(): Promise<string[]> {
  for (const path of SYSTEM_BUNDLES) {
    // Most of them are not there; the next one may be.
    const found = blocksOf(await readFile(path, 'utf8').catch(() => ''))
    if (found.length > 0) return found
  }
  return rootCertificates.flatMap(blocksOf)
}

function blocksOf(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
}

/** Each once. What does not parse is left out: a JVM would refuse all the others with it. */
function certificatesOf(blocks: readonly string[]): X509Certificate[] {
  // Parsing takes a quarter of a millisecond each, hence only those that differ.
  const different = new Map(blocks.map((block) => [block.replace(/\s/g, ''), block]))
  return [...different.values()].flatMap((block) => {
    try {
      return [new X509Certificate(block)]
    } catch {
      return []
    }
  })
}
