import { createHash, randomBytes } from 'node:crypto'

const SECRET_BYTES = 32
const KEY = /^(pkl_[0-9a-z]{26})_[\w-]{43}$/

/** A key begins with its id: who finds one somewhere knows which to revoke. */
export function newKeyText(id: string): string {
  return `${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`
}

/** Undefined for what is no key of ours. */
export function idOfKey(text: string): string | undefined {
  return KEY.exec(text)?.[1]
}

/** Chance of 256 bits needs no slow digest: nobody guesses what it is of. */
export function digestOfKey(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
