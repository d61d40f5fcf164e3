import type { Words } from '@packline/shared'
import { expect, test } from 'vitest'
import { namesIn } from '../../../../test/harness/in-both-languages.ts'
import { verbatim } from '../words.ts'
import { BOOTSTRAPS, PROOFS, REASONS } from './verdict.ts'

type Tables = typeof REASONS & typeof PROOFS & typeof BOOTSTRAPS

const BY = verbatim('Go 1.26.1')
const WHY = REASONS.otherVersion('Go 1.25')

/** Every reason; one that is left out does not compile. */
const SAMPLES = {
  ...REASONS,
  ...BOOTSTRAPS,
  otherArchitecture: REASONS.otherArchitecture('aarch64'),
  otherVersion: WHY,
  startsOther: REASONS.startsOther('Node.js 20.15'),
  startsNotAsked: REASONS.startsNotAsked('Node.js', '20.15', '18.15'),
  noJdk: REASONS.noJdk(21),
  noTool: REASONS.noTool('JDK'),
  unknownGo: REASONS.unknownGo('x.so'),
  noStandIn: REASONS.noStandIn('/opt/php8.3'),
  lacking: REASONS.lacking('obs_sdk'),
  standIns: REASONS.standIns(['x_1', 'y_2']),
  whichMayBeWhy: REASONS.whichMayBeWhy(WHY),
  notPrepared: REASONS.notPrepared('loader_1', 'exit 3'),
  goProgram: PROOFS.goProgram('x_1', 'x86_64', '1.26.1'),
  bootstrap: PROOFS.bootstrap(BOOTSTRAPS.noShebang),
  itself: PROOFS.itself('x_1'),
  ownBootstrap: PROOFS.ownBootstrap(['Node.js 24']),
  loaded: PROOFS.loaded(BY, WHY),
  failed: PROOFS.failed(BY, WHY),
  elf: BOOTSTRAPS.elf('x86_64'),
  script: BOOTSTRAPS.script('/bin/sh'),
} satisfies Record<keyof Tables, Words>

test.each(Object.entries(SAMPLES))('%s is in Chinese too, with the same names', (_name, words) => {
  expect(words.zh).toMatch(/\p{Script=Han}/u)
  expect(namesIn(words.en).filter((one) => !words.zh.includes(one))).toEqual([])
  expect(words.zh).not.toContain('undefined')
})

test('a verdict says nothing of a reason where there is none', () => {
  expect(PROOFS.loaded(BY)).toEqual({ en: 'loaded by Go 1.26.1', zh: '已由 Go 1.26.1 加载' })
  expect(PROOFS.goProgram('x', 'x86_64', undefined).zh).toBe('x 是 Linux x86_64 可执行文件')
  expect(REASONS.notPrepared('loader', undefined).en).toBe(
    'loader could not be made: it said nothing',
  )
})
