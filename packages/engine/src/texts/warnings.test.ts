import { failed, type Words } from '@packline/shared'
import { expect, test } from 'vitest'
import { expectFailureInBothLanguages } from '../../../../test/harness/in-both-languages.ts'
import { warning, warnings } from './warnings.ts'

const OLDER = failed('COMPILE_FAILED', { detail: { en: 'it ended', zh: '已结束' } })

/** Every variant, with things found; one that is left out does not compile. */
const SAMPLES: Record<keyof typeof warnings, Words[]> = {
  noDigest: [warnings.noDigest()],
  submodules: [warnings.submodules()],
  filters: [warnings.filters()],
  otherwise: [warnings.otherwise(OLDER, 'npm 11')],
  scratchLeft: [warnings.scratchLeft()],
  missedPushes: ['a'.repeat(40), undefined].map((from) => warnings.missedPushes(from)),
  commitGone: [warnings.commitGone('b'.repeat(40))],
}

test.each(Object.entries(SAMPLES))('a warning is told in both languages: %s', (_, samples) => {
  for (const words of samples) {
    expectFailureInBothLanguages({ detail: words })
    expect(words.zh).toMatch(/\p{Script=Han}/u)
    expect(warning(words)).toEqual({
      type: 'warning',
      message: words.en,
      zh: { message: words.zh },
    })
  }
})
