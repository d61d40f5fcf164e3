import { type FailureWords, failed } from '@packline/shared'
import { expect, test } from 'vitest'
import { expectFailureInBothLanguages } from '../../../../test/harness/in-both-languages.ts'
import { unsure } from '../accept-builds.ts'
import { conflicts } from './conflicts.ts'
import { noSuch } from './no-such.ts'
import { UNSURE, unavailable } from './unavailable.ts'

/** Every variant of a table, with things found; one that is left out does not compile. */
type Samples<Table> = { [Variant in keyof Table]: FailureWords[] }

const ABSENT = {
  build: [noSuch.build('b_1')],
  batch: [noSuch.batch('batch_1')],
  expansion: [noSuch.expansion('e_1')],
  report: [noSuch.report('b_1', 'queued')],
  key: [noSuch.key('pkl_1')],
  hook: [noSuch.hook('h_1')],
  delivery: [noSuch.delivery('h_1', 'd_2', 100)],
  credential: [
    noSuch.credential('code'),
    noSuch.credential('code', { kind: 'git-key', place: 'git.example.com:8443' }),
  ],
  dependency: [noSuch.dependency('libs@2')],
  function: [noSuch.function('hello')],
  package: [7, 'stable'].map((which) => noSuch.package('hello_1', which)),
  notice: [noSuch.notice('b_1-callback')],
} satisfies Samples<typeof noSuch>

const USERS = [0, 3].map((others) => ({ functions: ['f_1', 'f_2'], builds: ['b_1'], others }))

const IN_CONFLICT = {
  ended: [conflicts.ended('b_1', 'failed')],
  forgotten: [conflicts.forgotten()],
  noPush: [conflicts.noPush('ignored')],
  tooManyHooks: [conflicts.tooManyHooks(200)],
  tooManyKeys: [conflicts.tooManyKeys(1000)],
  expiredAlready: [conflicts.expiredAlready('2026-01-05T08:00:00.000Z')],
  hookChanged: [conflicts.hookChanged()],
  noOwner: [conflicts.noOwner()],
  tooManyCredentials: [conflicts.tooManyCredentials(200)],
  dependencyInUse: USERS.map((users) => conflicts.dependencyInUse('libs@2', users)),
  fixedAlias: [conflicts.fixedAlias('hello_1', 'current')],
  onlineFiles: [conflicts.onlineFiles('hello_1', 'Go')],
  aliasesLeft: [conflicts.aliasesLeft('hello_1', ['stable', 'v_2'])],
  keyInUse: [conflicts.keyInUse()],
  keyMismatch: [conflicts.keyMismatch()],
} satisfies Samples<typeof conflicts>

const AWAY = {
  silent: [unavailable.silent(1800)],
  away: [unavailable.away()],
  notNow: [unavailable.notNow('OOM command not allowed when used memory > maxmemory')],
  filling: [unavailable.filling()],
  partLost: [unavailable.partLost()],
  beingRemoved: [unavailable.beingRemoved()],
  archive: [unavailable.archive('builds/acme/2026-01-05/s_1.ndjson.gz')],
  segment: [unavailable.segment('builds/acme/2026-01-05/s_1.ndjson.gz', 'b_1')],
  newerBuild: [unavailable.newerBuild('b_1', 3, 2)],
  newerThing: [unavailable.newerThing('lasting/hook/h_1/4', 3, 2)],
  otherKey: [unavailable.otherKey()],
  noKey: [unavailable.noKey()],
  tampered: [unavailable.tampered('code_1')],
  unreadable: [unavailable.unreadable()],
} satisfies Samples<typeof unavailable>

const SAMPLES: [string, FailureWords[]][] = [ABSENT, IN_CONFLICT, AWAY].flatMap((table) =>
  Object.entries(table),
)

test.each(SAMPLES)('a refusal is told in both languages: %s', (_variant, samples) => {
  for (const words of samples) {
    expectFailureInBothLanguages(words)
    expect(words.detail.zh).toMatch(/\p{Script=Han}/u)
  }
})

test('where the answer was lost, that and what to do is told in both languages', () => {
  expectFailureInBothLanguages({ detail: UNSURE, hint: UNSURE })
  const { detail } = unavailable.silent(1800)
  const lost = failed('RECORDS_UNAVAILABLE', unavailable.silent(1800))
  const told = { message: detail.en, hint: UNSURE.en, zh: { detail: detail.zh, hint: UNSURE.zh } }
  expect(() => unsure(lost)).toThrow(expect.objectContaining(told))
})
