import { expect, test } from 'vitest'
import { REFUSALS } from '../packages/archive/src/refusal.ts'
import { REFUSALS_ZH } from '../packages/archive/src/refusal-zh.ts'
import { isSource, readTree } from './tidy/source-files.ts'

/** Whose failures end builds: by `failed()` each of their texts is in both languages. */
const TELLING = /^(packages\/(engine|archive|stores|outbound)|services\/worker)\/src\//

/** What an operator wrote, told where a service starts; what a notice came to: no builds. */
const NOT_OF_BUILDS = [
  'packages/engine/src/deployment-bucket.ts',
  'packages/engine/src/process/limit-settings.ts',
  'packages/engine/src/registries/authorities.ts',
  'packages/engine/src/registries/maven-settings.ts',
  'packages/engine/src/registry-access.ts',
  'packages/stores/src/store-from-url.ts',
  'services/worker/src/config.ts',
  'services/worker/src/notify/post.ts',
  'services/worker/src/notify/send-status.ts',
  'services/worker/src/notify/statuses/repository-place.ts',
]

/** A mistake of ours is told to us; a range that no object could have is one, too. */
const OURS = /new PacklineError\(\s*('BUG'|'INVALID_REQUEST',\s*`The range)/g

/** A failure that is made of another one keeps both of its languages. */
const PASSED_ON = /new PacklineError\([^)]*\bzh\b[^)]*\)/g

/** Who refuse what a caller asks for. */
const REFUSING = /^(packages\/(shared|intake|records)|services\/api)\/src\//

/** No caller's request meets these; they are told to an operator, or to us. */
const NOT_OF_REQUESTS: Record<string, string> = {
  'packages/records/src/check-redis.ts': 'a Redis that a service can not start with',
  'packages/records/src/connect-redis.ts': 'the same of one that is not there',
  'packages/records/src/notices/begin-notice.ts': 'what a notice came to, kept as one text',
  'packages/records/src/seal.ts': 'PACKLINE_SECRET_KEY as a service is started with it',
  'packages/records/src/sweep-objects.ts': 'a sweep that begins anew by itself',
  'services/api/src/config.ts': 'what an operator has set, where the API starts',
  'services/api/src/main.ts': 'an address that it can not listen at',
}

test('every failure that can end a build is told in both languages', () => {
  expect(toldInEnglish(TELLING)).toEqual(NOT_OF_BUILDS)
})

test('every refusal of a request is told in both languages', () => {
  expect(toldInEnglish(REFUSING)).toEqual(Object.keys(NOT_OF_REQUESTS))
})

/** Files that make a failure in one language, by name. */
function toldInEnglish(places: RegExp): string[] {
  const found = readTree()
    .filter(({ place }) => places.test(place) && isSource(place))
    .filter(({ text }) => {
      const left = text.replaceAll(OURS, '').replaceAll(PASSED_ON, '')
      return left.includes('new PacklineError(')
    })
  return found.map(({ place }) => place).toSorted()
}

test('every reason to refuse an archive is told in both languages', () => {
  expect(Object.keys(REFUSALS_ZH).toSorted()).toEqual(Object.keys(REFUSALS).toSorted())
  for (const told of Object.values<{ found: string; hint?: string }>(REFUSALS_ZH)) {
    expect(told.found).toMatch(/\p{Script=Han}/u)
    expect(told.hint ?? '请').toMatch(/\p{Script=Han}/u)
  }
})
