import { expect, test } from 'vitest'
import { expectFailureInBothLanguages } from '../../../test/harness/in-both-languages.ts'
import type { FailureWords } from './failure.ts'
import { handlerFailures, requestFailures } from './texts.ts'

/** Every variant of a table, with things found; one that is left out does not compile. */
type Samples<Table> = { [Variant in keyof Table]: FailureWords[] }

const WORDS = { en: 'expected "a_1"; found nothing', zh: '应为 "a_1"；实际为空缺' }
const EXPECTED = [1, 2].map((count) => ({ en: 'index.handler', zh: 'index.handler', count }))

const SAMPLES: Record<string, FailureWords[]> = {
  ...({
    mistake: [0, 3].map((others) => requestFailures.mistake('builds[3].version', WORDS, others)),
    badName: [requestFailures.badName('source.files.__proto__')],
    architecture: [requestFailures.architecture('aarch64', 'CTYun', ['x86_64', 'arm_7'])],
    runtime: [requestFailures.runtime('java', 'CTYun', ['nodejs', 'go'])],
    version: [
      requestFailures.version('99', 'CTYun', {
        runtime: 'java',
        known: ['8', '17'],
        default: '17',
      }),
    ],
    onlyFor: [requestFailures.onlyFor('bundle', ['Node.js', 'Go'], 'java')],
    noBundle: [requestFailures.noBundle()],
    finished: [requestFailures.finished('command')],
    tooManyDependencies: [requestFailures.tooManyDependencies(21, 'CTYun', 20)],
    dependencyTwice: [requestFailures.dependencyTwice('libs')],
    noDependencies: [requestFailures.noDependencies('Go')],
    jar: [requestFailures.jar('Python')],
  } satisfies Samples<typeof requestFailures>),
  ...({
    none: [handlerFailures.none('handler', 'index.handler')],
    missing: EXPECTED.map((expected) => handlerFailures.missing('handler', expected)),
    length: EXPECTED.map((of) => handlerFailures.length('handler', 2, { min: 3, max: 128 }, of)),
    form: EXPECTED.map((expected) => handlerFailures.form('initializer', 'a_1', expected)),
    otherFile: [handlerFailures.otherFile('b.start', 'a.handler')],
  } satisfies Samples<typeof handlerFailures>),
}

test.each(Object.entries(SAMPLES))(
  'a refusal is told in both languages: %s',
  (_variant, samples) => {
    for (const words of samples) {
      expectFailureInBothLanguages(words)
      expect(words.detail.zh).toMatch(/\p{Script=Han}/u)
    }
  },
)

test('where a mistake is in no part of a request, its body or query is named in the language', () => {
  const { detail } = requestFailures.mistake('the query', WORDS, 0)
  expect(detail.zh).toBe('查询参数：应为 "a_1"；实际为空缺')
})
