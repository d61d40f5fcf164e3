import { writeZip } from '@packline/archive'
import {
  failed,
  PacklineError,
  type Profile,
  parse,
  TEMPLATES,
  type Template,
  templateOf,
  templateOn,
  templateParameter,
  templateQuery,
} from '@packline/shared'
import { type Request, type Response, Router } from 'express'
import { otherMethods } from '../problem.ts'
import type { Surroundings } from '../surroundings.ts'
import { packageFailures } from '../texts/packages.ts'

/** Of a few files of a few lines. */
const BYTES_MAX = 1024 * 1024

/** `/v1/templates`: first files per runtime; those of compiled ones are for one's own machine. */
export function templateRoutes({ profile }: Pick<Surroundings, 'profile'>): Router {
  const router = Router()
  router
    .route('/')
    .get((_request, response) => {
      const known = TEMPLATES.filter(({ runtime }) => profile.runtimes[runtime])
      response.json({ items: known.map((one) => templateOn(one, profile)) })
    })
    .all(otherMethods)
  router
    .route('/:runtime/package')
    .get((request, response) => send(request, response, profile))
    .all(otherMethods)
  return router
}

async function send(request: Request, response: Response, profile: Profile): Promise<void> {
  const { runtime } = parse(templateParameter, request.params, 'the path')
  const { type } = parse(templateQuery, request.query, 'the query')
  const template = templateOf(runtime, type)
  if (!template) throw failed('NOT_FOUND', packageFailures.noTemplate(runtime, type))
  response
    .attachment(`${runtime}.zip`)
    .type('application/zip')
    .send(await zipOf(templateOn(template, profile)))
}

async function zipOf({ files }: Template): Promise<Buffer> {
  const entries = Object.entries(files).map(([path, { text, executable }]) => {
    const content = Buffer.from(text)
    return { path, executable, size: content.length, content }
  })
  const { content } = await writeZip(entries, { memory: true, bytesMax: BYTES_MAX })
  if ('bytes' in content) return content.bytes
  throw new PacklineError('BUG', 'The template was to stay in memory')
}
