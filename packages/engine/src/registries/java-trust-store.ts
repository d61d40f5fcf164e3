import { createHash } from 'node:crypto'

const MAGIC = 0xfeedfeed
const VERSION = 2
const TRUSTED_CERTIFICATE = 2
/** Every JDK's own store has this password. It keeps nothing secret: readers need not give it. */
const PASSWORD = 'changeit'
/** Part of the format: what sun.security.provider.JavaKeyStore salts its digest with. */
const SALT = 'Mighty Aphrodite'

/**
 * A JKS trust store of these certificates (DER): the one form that JVMs from Java 8 on read
 * without being told a password. Written here rather than by a Java program, which takes a second
 * and a JDK to be chosen. The same certificates give the same bytes.
 */
export function javaTrustStore(certificates: readonly Buffer[]): Buffer {
  const content = Buffer.concat([
    integer(MAGIC),
    integer(VERSION),
    integer(certificates.length),
    ...certificates.map(entry),
  ])
  const digest = createHash('sha1')
    .update(Buffer.from(PASSWORD, 'utf16le').swap16())
    .update(SALT)
    .update(content)
  return Buffer.concat([content, digest.digest()])
}

function entry(certificate: Buffer, index: number): Buffer {
  return Buffer.concat([
    integer(TRUSTED_CERTIFICATE),
    text(`authority-${index}`),
    // When it was added, in ms since 1970: of no use here.
    Buffer.alloc(8),
    text('X.509'),
    integer(certificate.length),
    certificate,
  ])
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** Java's writeUTF, for ASCII. */
function text(value: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(value.length)
  return Buffer.concat([length, Buffer.from(value, 'ascii')])
}
