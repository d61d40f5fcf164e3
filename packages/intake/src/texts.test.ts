import { type FailureWords, failed, PacklineError } from '@packline/shared'
import { expect, test } from 'vitest'
import { expectFailureInBothLanguages } from '../../../test/harness/in-both-languages.ts'
import { inBatch } from './take-in.ts'
import { draftFailures, intakeFailures } from './texts.ts'

/** Every variant of a table, with things found; one that is left out does not compile. */
type Samples<Table> = { [Variant in keyof Table]: FailureWords }

const INTAKE = {
  otherRuntime: intakeFailures.otherRuntime('libs@2', 'Node.js', 'Python'),
  inlineTooLarge: intakeFailures.inlineTooLarge(11, 10),
  noUpload: intakeFailures.noUpload('a1b2'),
} satisfies Samples<typeof intakeFailures>

const DRAFT = {
  ofDependency: draftFailures.ofDependency('libs_1'),
  noFunction: draftFailures.noFunction('hello', true),
  noFiles: draftFailures.noFiles('hello_1', false),
  otherRuntime: draftFailures.otherRuntime('hello_1', 'nodejs', 'python'),
  otherVersion: draftFailures.otherVersion('hello_1', 7, 6),
  contentGone: draftFailures.contentGone('src/index.js'),
} satisfies Samples<typeof draftFailures>

const SAMPLES: [string, FailureWords][] = [...Object.entries(INTAKE), ...Object.entries(DRAFT)]

test.each(SAMPLES)('a refusal is told in both languages: %s', (_variant, words) => {
  expectFailureInBothLanguages(words)
  expect(words.detail.zh).toMatch(/\p{Script=Han}/u)
})

test('a mistake in a batch names its build or its line, in both languages', () => {
  const error = failed('UPLOAD_NOT_FOUND', INTAKE.noUpload, { at: 'source.upload' })
  expect(inBatch(3, error)).toMatchObject({
    message: 'builds[3]: There is no upload a1b2',
    at: 'builds[3].source.upload',
    hint: INTAKE.noUpload.hint.en,
    zh: { detail: 'builds[3]：没有上传文件 a1b2', hint: INTAKE.noUpload.hint.zh },
  })
  expect(inBatch(3, error, 7)).toMatchObject({
    message: 'line 7: There is no upload a1b2',
    at: 'builds[3].source.upload',
    zh: { detail: '第 7 行：没有上传文件 a1b2' },
  })
  expect(inBatch(3, new PacklineError('CONFLICT', 'no')).zh).toBeUndefined()
})
