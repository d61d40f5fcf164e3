import type { NewBuild } from '@packline/records'
import { type BatchCallback, PacklineError, type ParsedBuildRequest } from '@packline/shared'

/** Throws SOURCE_NOT_ALLOWED for what can be told from an address as it stands. */
export type CheckAddress = (url: string) => void

/** A batch's callback is that of its builds, too, unless they have one or it says otherwise. */
export function withCallbackOf(
  batch: BatchCallback | undefined,
  request: ParsedBuildRequest,
): ParsedBuildRequest {
  if (!batch || request.callback || batch.events?.includes('build.finished') === false) {
    return request
  }
  const { url, secret } = batch
  return { ...request, callback: { url, secret } }
}

/** What is private or without TLS is refused before a build exists; when it is sent, once more. */
export function checkCallback(callback: { url: string } | undefined, check: CheckAddress): void {
  checkToldAt(callback?.url, 'callback.url', check)
}

/** The same for any address that something is to be told at; `at` is its place in the request. */
export function checkToldAt(url: string | undefined, at: string, check: CheckAddress): void {
  try {
    if (url !== undefined) check(url)
  } catch (cause) {
    if (!(cause instanceof PacklineError)) throw cause
    const { code, message, hint, zh } = cause
    throw new PacklineError(code, message, { at, hint, zh, cause })
  }
}

/** The secret goes beside the request, never into it. */
export function withSecret<T extends NewBuild | undefined>(
  build: T,
  { callback }: ParsedBuildRequest,
): T {
  return build && callback ? { ...build, callbackSecret: callback.secret } : build
}
