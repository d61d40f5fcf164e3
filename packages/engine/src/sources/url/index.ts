import type { OutboundAnswer } from '@packline/outbound'
import { type FailureCode, failed, type SourceOf, type SourcePin } from '@packline/shared'
import type { BuildContext } from '../../context.ts'
import { sourceFailures } from '../../texts/failures/sources.ts'
import { warning, warnings } from '../../texts/warnings.ts'
import type { Workbench } from '../../workbench.ts'
import { type Arrived, arrive, tooLarge, within } from '../arrive.ts'
import type { Source } from '../source.ts'

type Pin = Extract<SourcePin, { kind: 'url' }>

/** A ZIP, JAR or tar.gz behind an https address; which of them its bytes say. */
export const urlSource: Source<'url'> = {
  kind: 'url',
  fetch: async (spec, context, bench, build) => {
    const earlier = context.pinned?.kind === 'url' ? context.pinned : undefined
    const sha256 = earlier?.sha256 ?? spec.sha256 ?? undefined
    if (sha256 === undefined) context.reporter.event(warning(warnings.noDigest()))
    const { answer, arrived } = await within(context.signal, build.timeoutSeconds, (signal) =>
      download(spec, sha256, { ...context, signal }, bench),
    )
    const pin = pinOf(spec.url, answer.url, arrived)
    await context.reporter.pin(pin)
    const { archive, size } = arrived
    if (arrived.isGzip) return { pin, tarball: archive }
    return { pin, archive, size, sha256: arrived.sha256 }
  },
}

async function download(
  { url }: SourceOf<'url'>,
  sha256: string | undefined,
  { outbound, profile, signal }: BuildContext,
  bench: Workbench,
): Promise<{ answer: OutboundAnswer; arrived: Arrived }> {
  // What is stored there, not what a server makes of it on the way.
  const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'packline' }
  // Object storage is the platform's way for what is large: nothing larger is taken by address.
  const bytesMax = profile.limits.packageBytesMax
  // It is counted where it arrives, in this source's own words.
  const unbounded = Number.MAX_SAFE_INTEGER
  const answer = await outbound.request(url, { headers, signal, bytesMax: unbounded })
  const title = withoutQuery(answer.url)
  const stream = answer.body
  try {
    checkStatus(answer, title)
    const declared = Number(answer.headers['content-length'] ?? 0)
    if (declared > bytesMax) throw tooLarge(title, declared, bytesMax)
    return { answer, arrived: await arrive({ stream, title, bytesMax, sha256 }, bench) }
  } finally {
    stream.destroy()
  }
}

const CODES: Readonly<Record<number, FailureCode>> = {
  401: 'SOURCE_NOT_ALLOWED',
  403: 'SOURCE_NOT_ALLOWED',
  404: 'SOURCE_NOT_FOUND',
  410: 'SOURCE_NOT_FOUND',
  408: 'SOURCE_UNREACHABLE',
  429: 'SOURCE_UNREACHABLE',
}

function checkStatus({ status, headers }: OutboundAnswer, title: string): void {
  if (status !== 200) {
    const code = CODES[status] ?? (status >= 500 ? 'SOURCE_UNREACHABLE' : 'SOURCE_NOT_FOUND')
    throw failed(code, sourceFailures.answers(title, status))
  }
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity') return
  throw failed('SOURCE_NOT_FOUND', sourceFailures.encoded(title, String(encoding)))
}

function pinOf(url: string, finalUrl: string, { isGzip, sha256, size }: Arrived): Pin {
  const led = finalUrl === new URL(url).href ? {} : { finalUrl: withoutQuery(finalUrl) }
  const place = { url: withoutQuery(url), ...led }
  return { kind: 'url', ...place, format: isGzip ? 'tar.gz' : 'zip', sha256, size }
}

/** Reports are passed on, and a query may be a signature that lets in whoever has it. */
function withoutQuery(address: string): string {
  const { origin, pathname } = new URL(address)
  return `${origin}${pathname}`
}
