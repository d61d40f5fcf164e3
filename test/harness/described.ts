import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

interface Document {
  components: { schemas: Record<string, object> }
  paths: Record<string, Record<string, Operation>>
}
interface Operation {
  responses: Record<string, { content?: Record<string, { schema: object }> }>
}
const PROBLEM = 'application/problem+json'
type Fetch = (path: string, init?: RequestInit) => Promise<Response>

/** The same fetch, but an answer that the API's own description does not allow is an error. */
export function described(fetch: Fetch): Fetch {
  let checking: Promise<ReturnType<typeof checkAgainst>> | undefined
  return async (path, init) => {
    checking ??= fetch('/openapi.json').then(async (answer) =>
      checkAgainst((await answer.json()) as Document),
    )
    const check = await checking
    const response = await fetch(path, init)
    if (!isJson(response) || init?.method === 'HEAD') {
      check(path, init?.method, response)
      return response
    }
    const text = await response.text()
    check(path, init?.method, response, JSON.parse(text))
    return new Response(text, response)
  }
}

/** Throws where status, type or body are not in the document; members that it lacks count, too. */
export function checkAgainst(document: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { binary: true } })
  addFormats.default(ajv)
  const whole = closed(document) as Document
  // Some answers say more than a problem does: they are closed as a whole, not in their parts.
  Reflect.deleteProperty(whole.components.schemas.Problem ?? {}, 'unevaluatedProperties')
  ajv.addSchema(whole, 'api')
  const known = new Map<string, ValidateFunction>()
  const find = operationFinder(document)
  return (path: string, method = 'GET', response: Response, body?: unknown) => {
    const place = find(path, method)
    const pointer = place ? schemaIn(document, place, response, method) : problemIn(response)
    if (pointer === undefined || body === undefined) return
    const fits = known.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` })
    known.set(pointer, fits)
    if (fits(body) || (!place && response.ok)) return
    const found = JSON.stringify(body).slice(0, 2000)
    throw new Error(`${method} ${path}: ${ajv.errorsText(fits.errors)} in ${found}`)
  }
}

/** Of paths and methods that are not described: 404 and 405. */
function problemIn({ status, headers }: Response): string {
  if (status !== 405) return '/components/schemas/Problem'
  if (!headers.has('allow')) throw new Error('405 without Allow')
  const steps = ['components', 'responses', 'MethodNotAllowed', 'content', PROBLEM, 'schema']
  return `/${steps.map(escaped).join('/')}`
}

function operationFinder({ paths }: Document) {
  const patterns = Object.keys(paths).map((template) => ({
    template,
    // A name that is written out goes before a parameter.
    pattern: new RegExp(`^${template.replace(/\{path\}$/, '.+').replace(/\{\w+\}/g, '[^/]+')}/?$`),
  }))
  patterns.sort(
    (one, other) => Number(one.template.includes('{')) - Number(other.template.includes('{')),
  )
  return (path: string, method: string) => {
    const [bare = ''] = path.split('?')
    const found = patterns.find(({ pattern }) => pattern.test(bare))
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase()
    return found && paths[found.template]?.[verb] ? { template: found.template, verb } : undefined
  }
}

/** The JSON pointer of the answer's schema; undefined where the answer has no body. */
function schemaIn(
  { paths }: Document,
  { template, verb }: { template: string; verb: string },
  response: Response,
  method: string,
): string | undefined {
  const where = `${verb.toUpperCase()} ${template}`
  const answers = paths[template]?.[verb]?.responses ?? {}
  const answer = answers[response.status]
  if (!answer) {
    throw new Error(`${where} answered ${response.status}; described are ${Object.keys(answers)}`)
  }
  if (!answer.content || method === 'HEAD') return undefined
  const type = response.headers.get('content-type')?.split(';')[0] ?? ''
  if (!answer.content[type]) {
    throw new Error(`${where} answered ${type}; described are ${Object.keys(answer.content)}`)
  }
  const steps = ['paths', template, verb, 'responses', response.status, 'content', type, 'schema']
  return `/${steps.map(escaped).join('/')}`
}

function escaped(step: string | number): string {
  return encodeURIComponent(String(step).replaceAll('~', '~0').replaceAll('/', '~1'))
}

function isJson(response: Response): boolean {
  return /[/+]json\b/.test(response.headers.get('content-type') ?? '')
}

/** A reader must put up with members that it does not know; a test must not. */
function closed(value: unknown, inAllOf = false): unknown {
  if (Array.isArray(value)) return value.map((item) => closed(item, inAllOf))
  if (typeof value !== 'object' || value === null) return value
  const made = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, closed(item, key === 'allOf')]),
  )
  const isObject = 'properties' in made && made.type === 'object' && !inAllOf
  const isOpen = 'additionalProperties' in made
  return (isObject && !isOpen) || 'allOf' in made ? { ...made, unevaluatedProperties: false } : made
}
