import { PacklineError } from '@packline/shared'

/** The shorter of what S3 takes and what a path leaves room for. */
const keyBytesMax = 1024
/** A file name's limit on Linux and macOS, which MinIO has too: it keeps objects as folders. */
const partBytesMax = 255

/**
 * Refuses a key that any store could not keep, or could keep elsewhere than it says, with BUG: keys
 * are made by Packline from names that were checked before. Parts must not start with a dot, which
 * rules out `..` and leaves such names to the stores themselves.
 */
export function checkKey(key: string): void {
  const parts = key.split('/')
  if (Buffer.byteLength(key) <= keyBytesMax && parts.every(isPart)) return
  throw refusal('key', key)
}

/** Like a key, but its last part may be empty or the beginning of a name; `''` means everything. */
export function checkPrefix(prefix: string): void {
  const parts = prefix.split('/')
  const last = parts.pop() ?? ''
  const partsFit = parts.every(isPart) && (last === '' || isPart(last))
  if (Buffer.byteLength(prefix) <= keyBytesMax && partsFit) return
  throw refusal('prefix', prefix)
}

function isPart(part: string): boolean {
  if (part === '' || part.startsWith('.') || Buffer.byteLength(part) > partBytesMax) return false
  return part.isWellFormed() && !/[\u0000-\u001f\u007f\\]/.test(part)
}

function refusal(what: string, text: string): PacklineError {
  return new PacklineError(
    'BUG',
    `The object ${what} is ${JSON.stringify(text.slice(0, 200))}; expected parts between slashes ` +
      `that are not empty and do not start with a dot, of at most ${partBytesMax} bytes each, ` +
      `${keyBytesMax} in all, without backslash or control characters`,
  )
}
