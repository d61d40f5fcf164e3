import { inspectBootstrap } from '../../rules/bootstrap.ts'
import { PROOFS } from '../../texts/verdict.ts'
import { httpLoad } from '../http-load.ts'
import type { LoadCheck, Subject } from '../runtime.ts'
import { runtimeApiLoad } from '../runtime-api-load.ts'

/**
 * HTTP functions are started. An event function's bootstrap would ask the platform for work and
 * wait for it: there is nothing to load, what it is tells whether it can start.
 */
export async function load(subject: Subject): Promise<LoadCheck> {
  if (subject.request.type === 'http') return httpLoad(subject)
  const { what, doubt } = await inspectBootstrap(subject)
  if (doubt) return { kind: 'unavailable', because: doubt }
  if (subject.request.test) return runtimeApiLoad('bootstrap', subject)
  return { kind: 'inspected', because: PROOFS.bootstrap(what) }
}
