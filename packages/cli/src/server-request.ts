import { type BuildRequestInput, PacklineError, type RuntimeName } from '@packline/shared'
import { checkedRequest, type FunctionOptions, fieldsOf } from './request-fields.ts'

/** What only a server is asked for. */
export interface ServerOptions extends FunctionOptions {
  /** Here names, with a revision or without, of what the server has. */
  dependency?: string[]
  label?: string[]
  priority?: 'interactive' | 'bulk'
  split?: boolean
}

/** A request for the API: `source` as it takes one, versions are the server's to resolve. */
export function serverRequest(
  source: BuildRequestInput['source'],
  runtime: RuntimeName,
  options: ServerOptions,
): BuildRequestInput {
  const request = {
    ...fieldsOf(runtime, options),
    dependencies: options.dependency,
    labels: labelsOf(options.label),
    priority: options.priority,
    source,
  }
  // What the server would refuse is told before anything is sent; it fills in the rest itself.
  checkedRequest(request)
  return JSON.parse(JSON.stringify(request))
}

/** Of `name=value`, once for each. */
export function labelsOf(texts: readonly string[] = []): Record<string, string> | undefined {
  if (texts.length === 0) return undefined
  const pairs = texts.map((text) => {
    const at = text.indexOf('=')
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
    throw new PacklineError('INVALID_REQUEST', `--label is "${text}"; expected name=value`)
  })
  return Object.fromEntries(pairs)
}
