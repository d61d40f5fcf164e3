import type { Words } from '@packline/shared'
import { expect, test } from 'vitest'
import { namesIn } from '../../../../test/harness/in-both-languages.ts'
import { verbatim } from '../words.ts'
import { mendings, NO_JAR, takenAs } from './told.ts'

/** Every variant; one that is left out does not compile. */
const SAMPLES = {
  ...({
    asked: takenAs.asked(),
    byCommand: takenAs.byCommand(),
    forBundle: takenAs.forBundle(),
    kind: takenAs.kind('git'),
    tarball: takenAs.tarball(),
    finished: takenAs.finished('node_modules'),
    declaresNothing: takenAs.declaresNothing(),
    file: takenAs.file('package.json'),
  } satisfies Record<keyof typeof takenAs, Words>),
  ...({
    names: mendings.names('gb18030'),
    unwrapped: mendings.unwrapped('app_1'),
    leftOut: mendings.leftOut(verbatim('a_1, b_2')),
    executable: mendings.executable('boot/strap'),
    modes: mendings.modes(),
    intoZip: mendings.intoZip('hello.jar', NO_JAR.tooLarge),
  } satisfies Record<keyof typeof mendings, Words>),
  ...NO_JAR,
}

test.each(Object.entries(SAMPLES))('%s has the same names in Chinese', (_name, { en, zh }) => {
  expect(namesIn(en).filter((name) => !zh.includes(name))).toEqual([])
  if (en !== zh) expect(zh).toMatch(/\p{Script=Han}/u)
})
