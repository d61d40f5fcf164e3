import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { failed, PacklineError } from '@packline/shared'
import { unavailable } from './texts/unavailable.ts'

/** AES-256-GCM: nonce, tag, then the text. */
const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32

/** Secrets at rest: what is written is useless without the installation's key. */
export interface Seal {
  /** `place` is where it will be kept: it opens nowhere else. */
  close(text: string, place: string): string
  /** Throws SECRETS_LOCKED where the key is another one than it was closed with. */
  open(sealed: string, place: string): string
}

/** `key`: 32 bytes, base64. Without one nothing can be kept: both calls throw SECRETS_LOCKED. */
export function makeSeal(key: string | undefined): Seal {
  const bytes = key === undefined ? undefined : keyBytes(key)
  return {
    close: (text, place) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', given(bytes), nonce, {
        authTagLength: TAG_BYTES,
      })
      cipher.setAAD(Buffer.from(place))
      const closed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), closed]).toString('base64')
    },
    open: (sealed, place) => {
      const all = Buffer.from(sealed, 'base64')
      const nonce = all.subarray(0, NONCE_BYTES)
      try {
        const decipher = createDecipheriv('aes-256-gcm', given(bytes), nonce, {
          authTagLength: TAG_BYTES,
        })
        decipher.setAAD(Buffer.from(place))
        decipher.setAuthTag(all.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
        const closed = all.subarray(NONCE_BYTES + TAG_BYTES)
        return Buffer.concat([decipher.update(closed), decipher.final()]).toString('utf8')
      } catch (cause) {
        if (cause instanceof PacklineError) throw cause
        throw failed('SECRETS_LOCKED', unavailable.otherKey(), { cause })
      }
    },
  }
}

function keyBytes(key: string): Buffer {
  const bytes = Buffer.from(key, 'base64')
  if (bytes.length === KEY_BYTES) return bytes
  throw new PacklineError(
    'INVALID_REQUEST',
    `PACKLINE_SECRET_KEY has ${bytes.length} bytes; expected ${KEY_BYTES}, in base64`,
    { hint: 'Make one with: openssl rand -base64 32' },
  )
}

function given(bytes: Buffer | undefined): Buffer {
  if (bytes) return bytes
  throw failed('SECRETS_LOCKED', unavailable.noKey())
}
