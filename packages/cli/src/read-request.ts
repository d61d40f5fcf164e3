import { basename } from 'node:path'
import {
  type BuildRequest,
  type DependencyPin,
  type Profile,
  type RuntimeName,
  resolveRequest,
} from '@packline/shared'
import { checkedRequest, type FunctionOptions, fieldsOf } from './request-fields.ts'

/**
 * The request that the options describe; throws INVALID_REQUEST, HANDLER_FORM and their like.
 * `resolve`: whether its handler is held.
 */
export function readRequest(
  source: BuildRequest['source'],
  runtime: RuntimeName,
  options: FunctionOptions,
  profile: Profile,
  attached: readonly DependencyPin[] = [],
  resolve = resolveRequest,
): BuildRequest {
  // The schema takes what comes over HTTP; the source is put in after it.
  const placeholder = { kind: 'inline', files: { placeholder: '' }, as: source.as } as const
  const parsed = checkedRequest({
    ...fieldsOf(runtime, options),
    dependencies: attached.map(({ name }) => name),
    source: placeholder,
  })
  const pinned = attached.length > 0 ? { dependencies: attached } : {}
  return { ...resolve(parsed, profile), source, ...pinned }
}

/** The function's name by its folder's, as far as that is one. */
export function nameOf(path: string): string {
  const name = basename(path)
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z]+|-+$/g, '')
  return name.slice(0, 96) || 'function'
}
