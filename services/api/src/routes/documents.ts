import { pipeline } from 'node:stream/promises'
import {
  type BuildReport,
  deploymentOf,
  deploymentQuery,
  failed,
  type PacklineError,
  parse,
  reportInLanguage,
  type Words,
} from '@packline/shared'
import type { Request, Response } from 'express'
import { answerLanguage } from '../answer-language.ts'
import { untilClosed } from '../paced-write.ts'
import type { Surroundings } from '../surroundings.ts'
import { BUILD_PARTS, packageFailures } from '../texts/packages.ts'

type Ask = (
  request: Request<{ id: string }>,
  response: Response,
  surroundings: Surroundings,
) => Promise<void>

/** Findings, verdict, sizes, tools and pins; the SBOM has a path of its own. */
export const sendReport: Ask = async (request, response, { records }) => {
  const { sbom, sbomIn, ...report } = await records.report(
    response.locals.tenant,
    request.params.id,
  )
  response.json(reportInLanguage(report, answerLanguage(request, response)))
}

/** Rule configuration: what was frozen beside the package. */
export const sendConfiguration: Ask = async (request, response, surroundings) => {
  const { configuration } = await reportOfPackage(request, response, surroundings)
  response.attachment('configuration.json')
  response.json(configuration)
}

/** What lies in the package, CycloneDX 1.6. */
export const sendSbom: Ask = async (request, response, surroundings) => {
  const { sbom, sbomIn } = await reportOfPackage(request, response, surroundings)
  response.type('application/vnd.cyclonedx+json; version=1.6')
  if (sbom) {
    response.send(JSON.stringify(sbom))
    return
  }
  await sendObject(sbomIn, BUILD_PARTS.storedSbom, request, response, surroundings)
}

/** Of a bundle whose request asks for one: it is not in the package. */
export const sendSourceMap: Ask = async (request, response, surroundings) => {
  const { package: stored } = await reportOfPackage(request, response, surroundings)
  response.type('application/json')
  await sendObject(stored?.sourceMap, BUILD_PARTS.sourceMap, request, response, surroundings)
}

/** Throws NOT_FOUND where there is no key, or nothing at it. */
async function sendObject(
  key: string | undefined,
  part: Words,
  request: Request<{ id: string }>,
  response: Response,
  { store }: Surroundings,
): Promise<void> {
  const gone = untilClosed(response)
  const object = key === undefined ? undefined : await store.get(key, { signal: gone })
  if (!object) throw nothing(request.params.id, part)
  await pipeline(object.stream, response).catch((error: unknown) => {
    if (!gone.aborted) throw error
  })
}

/** Ready bodies for the platform's calls; `?code=embedded` puts the package itself into them. */
export const sendDeployment: Ask = async (request, response, surroundings) => {
  const { profile, store } = surroundings
  const report = await reportOfPackage(request, response, surroundings)
  const { code } = parse(deploymentQuery, request.query, 'the query')
  const isEmbedded = code === 'embedded' && report.deploy?.direct === true
  const deployment = deploymentOf(report, profile, isEmbedded ? MARK : undefined)
  if (!deployment) {
    throw failed('NOT_FOUND', packageFailures.noDeployment(profile.title, request.params.id))
  }
  const text = JSON.stringify(deployment)
  if (!isEmbedded) {
    response.type('json').send(text)
    return
  }
  const gone = untilClosed(response)
  const key = report.package?.key ?? ''
  const open = async () => {
    const object = await store.get(key, { signal: gone })
    if (!object) throw nothing(request.params.id, BUILD_PARTS.storedPackage)
    return object.stream
  }
  const first = await open()
  response.type('json')
  await pipeline(filled(text, first, open), response).catch((error: unknown) => {
    if (!gone.aborted) throw error
  })
}

/** Stands for the package until it is streamed: 50 MB twice are not for memory. */
const MARK = '\u0000package\u0000'

async function* filled(
  text: string,
  first: AsyncIterable<Buffer>,
  open: () => Promise<AsyncIterable<Buffer>>,
): AsyncGenerator<string> {
  const [start = '', ...rest] = text.split(JSON.stringify(MARK).slice(1, -1))
  yield start
  for (const [index, part] of rest.entries()) {
    yield* inBase64(index === 0 ? first : await open())
    yield part
  }
}

/** Three bytes make four characters: what is over waits for the next chunk. */
async function* inBase64(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let over: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([over, chunk])
    const whole = bytes.length - (bytes.length % 3)
    yield bytes.toString('base64', 0, whole)
    over = bytes.subarray(whole)
  }
  yield over.toString('base64')
}

async function reportOfPackage(
  request: Request<{ id: string }>,
  response: Response,
  { records }: Surroundings,
): Promise<BuildReport> {
  const report = await records.report(response.locals.tenant, request.params.id)
  if (report.package) return report
  throw nothing(request.params.id, BUILD_PARTS.package)
}

function nothing(id: string, part: Words): PacklineError {
  return failed('NOT_FOUND', packageFailures.noPart(id, part))
}
