import type { FailureWords, Words } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { expectFailureInBothLanguages } from '../../../../test/harness/in-both-languages.ts'
import { bodyFailures } from './bodies.ts'
import { deliveryFailures, deliveryReasons } from './deliveries.ts'
import { draftFailures, preconditionFailures, readOnlyReasons } from './drafts.ts'
import { BUILD_PARTS, packageFailures } from './packages.ts'
import { requestFailures } from './requests.ts'

/** Every variant of a table, with things found; one that is left out does not compile. */
type Samples<Table> = { [Variant in keyof Table]: FailureWords[] }

const PATH = 'src/b_2.ts'
const BUILD = 'b_01'
const REASONS = [readOnlyReasons.compiled('Go 1.x'), readOnlyReasons.unopened(20971521)] as const
const { at, otherVersion, draftUnnamed, ...found } = preconditionFailures

const asDetail = (detail: Words): FailureWords => ({ detail })

const SAMPLES: Record<string, Record<string, FailureWords[]>> = {
  requests: {
    noPath: [requestFailures.noPath('GET', '/v2')],
    otherMethod: [requestFailures.otherMethod('PATCH', '/v1/builds')],
    headersTooLarge: [requestFailures.headersTooLarge(16384)],
    tooSlow: [requestFailures.tooSlow()],
    noHttp: [requestFailures.noHttp('Invalid method encountered')],
    boardReadOnly: [requestFailures.boardReadOnly()],
    noKey: [requestFailures.noKey()],
    unknownKey: [requestFailures.unknownKey()],
    expiredKey: [requestFailures.expiredKey('2026-01-05T08:00:00.000Z')],
    scope: [requestFailures.scope('read', 'build')],
    notOperator: [requestFailures.notOperator()],
    tooMany: [requestFailures.tooMany(6000)],
    tooManyOpen: [requestFailures.tooManyOpen(1000)],
    lastEventId: [requestFailures.lastEventId('"x1"')],
    idempotencyKey: [requestFailures.idempotencyKey(256)],
    ifMatch: [requestFailures.ifMatch('draft-3')],
  } satisfies Samples<typeof requestFailures>,
  bodies: {
    overLimit: ['', '1048576'].map(bodyFailures.overLimit),
    noJson: [bodyFailures.noJson('Unexpected token')],
    otherEncoding: [bodyFailures.otherEncoding('content encoding "br_1" is not taken')],
    cut: [bodyFailures.cut()],
    diskFull: [bodyFailures.diskFull()],
    unreadable: [bodyFailures.unreadable("Failed to decode param '%E0%A4%A'")],
    compressed: [bodyFailures.compressed('gzip')],
    tooLarge: [bodyFailures.tooLarge(1024)],
    tooManyValues: [bodyFailures.tooManyValues(1000)],
    lineTooLong: [bodyFailures.lineTooLong(7, 1024)],
    lineNoJson: [bodyFailures.lineNoJson('Unexpected token')],
    noLines: [bodyFailures.noLines()],
    tooManyLines: [bodyFailures.tooManyLines(1001, 1000)],
    emptyUpload: [bodyFailures.emptyUpload()],
    uploadTooLarge: [bodyFailures.uploadTooLarge(52428800)],
  } satisfies Samples<typeof bodyFailures>,
  drafts: {
    compiled: [draftFailures.compiled(REASONS[0])],
    unopened: [draftFailures.unopened(REASONS[1])],
    noFirstFiles: [draftFailures.noFirstFiles(REASONS[0], 'go')],
    noTemplate: [draftFailures.noTemplate('Node.js', 'http')],
    noEntry: [draftFailures.noEntry(PATH)],
    changing: [draftFailures.changing('f_1')],
    noUpload: [draftFailures.noUpload('a1b2')],
    uploadLost: [draftFailures.uploadLost()],
    intoItself: [draftFailures.intoItself(PATH)],
    isTaken: [draftFailures.isTaken(PATH)],
    clash: [draftFailures.clash('a', 'A')],
    tooManyEntries: [draftFailures.tooManyEntries(5001, 5000)],
    tooLarge: [draftFailures.tooLarge(11, 10)],
    noFile: [undefined, '../a_1'].map((target) => draftFailures.noFile(PATH, target)),
    stands: (['file', 'folder', 'link'] as const).map((kind) => draftFailures.stands(kind, PATH)),
    contentLost: [draftFailures.contentLost(PATH)],
  } satisfies Samples<typeof draftFailures>,
  preconditions: {
    at: Object.values(found).map((what: Words) => at(PATH, what)),
    otherVersion: [otherVersion(3)],
    draftUnnamed: [draftUnnamed()],
  } satisfies Samples<Omit<typeof preconditionFailures, keyof typeof found>>,
  packages: {
    revisionLost: [packageFailures.revisionLost(4, BUILD)],
    none: [packageFailures.none(BUILD, 'running')],
    lost: [packageFailures.lost('f_1', BUILD)],
    lostInBatch: [packageFailures.lostInBatch('f_1.zip')],
    noDeployment: [packageFailures.noDeployment('CTYun FunctionGraph', BUILD)],
    noPart: Object.values(BUILD_PARTS).map((part) => packageFailures.noPart(BUILD, part)),
    noTemplate: [packageFailures.noTemplate('python', 'http')],
    notEnded: [packageFailures.notEnded(BUILD, 'queued')],
    noneFailed: [packageFailures.noneFailed()],
    unfinished: [packageFailures.unfinished('g_01')],
  } satisfies Samples<typeof packageFailures>,
  'deliveries as reasons': {
    ping: [deliveryReasons.ping()].map(asDetail),
    noPush: [deliveryReasons.noPush()].map(asDetail),
    otherRepository: [undefined, 'https://git.example/b_1.git']
      .map((found) => deliveryReasons.otherRepository(found, 'git.example/a_1'))
      .map(asDetail),
    otherRef: [deliveryReasons.otherRef('"x_1"')].map(asDetail),
    noCommit: [deliveryReasons.noCommit('"x_1"')].map(asDetail),
    inactive: [deliveryReasons.inactive()].map(asDetail),
    notFor: (['tag', 'branch'] as const)
      .map((kind) => deliveryReasons.notFor(kind, 'v1.2'))
      .map(asDetail),
  } satisfies Samples<typeof deliveryReasons>,
  deliveries: {
    refused: [deliveryFailures.refused(deliveryReasons.otherRef('"x_1"'))],
    notSigned: [deliveryFailures.notSigned()],
    otherType: [deliveryFailures.otherType()],
    noObject: [deliveryFailures.noObject()],
  } satisfies Samples<typeof deliveryFailures>,
}

describe.each(Object.entries(SAMPLES))('what is refused of %s', (_table, variants) => {
  test.each(Object.entries(variants))('is told in both languages: %s', (_variant, samples) => {
    for (const words of samples) {
      expectFailureInBothLanguages(words)
      expect(words.detail.zh).toMatch(/\p{Script=Han}/u)
    }
  })
})
