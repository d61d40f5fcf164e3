import { readPush, texts } from '../payload.ts'
import type { Provider } from '../provider.ts'
import { hmac, isSame } from '../signature.ts'

/** `X-Gitee-Timestamp`, in milliseconds, may be this far from our clock (Gitee's documentation). */
const TOLERANCE_MS = 3_600_000

const ADDRESSES = ['git_http_url', 'git_ssh_url', 'clone_url', 'ssh_url', 'html_url', 'url']
const PUSHES = ['Push Hook', 'Tag Push Hook']

/**
 * `X-Gitee-Token` is the password, or a signature of time and secret. Neither says anything of the
 * body: a signature that was seen can go with another body for an hour.
 */
export const gitee: Provider = {
  verify({ header, receivedAt }, secret, signed) {
    const token = header('x-gitee-token')
    if (token === undefined) return undefined
    const isPassword = isSame(token, secret)
    const isSigned = isSignature(token, header('x-gitee-timestamp'), secret, receivedAt)
    return isSigned || (isPassword && !signed) ? {} : undefined
  },
  read({ header }, payload) {
    const event = header('x-gitee-event') ?? ''
    const repositories = [
      ...texts(payload, 'project', ADDRESSES),
      ...texts(payload, 'repository', ADDRESSES),
    ]
    if (header('x-gitee-ping') === 'true') return { event: 'ping', repositories }
    if (PUSHES.includes(event)) return { ...readPush(payload), repositories }
    return { event: 'other', repositories }
  },
}

/** Base64, which Gitee's documentation encodes for an address, and its servers send as it is. */
function isSignature(
  token: string,
  timestamp: string | undefined,
  secret: string,
  receivedAt: Date,
): boolean {
  if (timestamp === undefined || !/^\d{1,16}$/.test(timestamp)) return false
  if (Math.abs(Number(timestamp) - receivedAt.getTime()) > TOLERANCE_MS) return false
  const sum = hmac(secret, `${timestamp}\n${secret}`).toString('base64')
  const isPlain = isSame(token, sum)
  return isSame(token, encodeURIComponent(sum)) || isPlain
}
