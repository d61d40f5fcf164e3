import { fitTemplate, TEMPLATES, type Template, templateOf } from '@packline/shared'
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest'
import { type TestEngine, testEngine } from '../harness/engine.ts'
import { type NeedName, needs } from '../harness/needs.ts'

/** First files as a function has them, built and loaded. */
const NEEDED: Record<Template['runtime'], NeedName[]> = {
  nodejs: ['sandbox'],
  python: ['sandbox', 'python'],
  java: ['sandbox', 'java'],
  go: ['sandbox', 'go', 'compiler'],
  custom: ['sandbox'],
}
/** Without caches Go compiles its standard library. */
const COLD_MS_MAX = 300_000

let engine: TestEngine
beforeAll(async () => {
  engine = await testEngine()
})
afterAll(() => engine.close())

type Named = Pick<Template, 'handler' | 'initializer'>

async function loaded(
  context: TestContext,
  { runtime, type }: Template,
  files: Template['files'],
  { handler, initializer }: Named,
) {
  needs(context, ...NEEDED[runtime])
  const source = { kind: 'inline', files } as const
  const asked = { function: 'first', runtime, type, source, handler, initializer }
  const { outcome } = await engine.build(asked)
  expect(outcome).toMatchObject({ status: 'succeeded' })
  const { verdict, findings } = outcome.report
  expect(verdict.verdict).toMatch(/^(proved|checked)$/)
  // Which glibc and Go host the platform has is the profile's and the worker's to know.
  const others = findings.filter(({ rule }) => !['target-libc', 'go-host'].includes(rule))
  expect(others.filter(({ level }) => level !== 'note')).toEqual([])
}

for (const template of TEMPLATES) {
  const { runtime, type } = template
  test(
    `the template of ${runtime} for ${type} functions is loaded as it is`,
    { timeout: COLD_MS_MAX },
    (c) => loaded(c, template, template.files, template),
  )
}

test.for(['nodejs', 'python'] as const)(
  'the template of %s is loaded under the names of another handler, too',
  async (runtime, context) => {
    const template = templateOf(runtime) as Template
    const named = { handler: 'app.main', initializer: 'app.start' }
    await loaded(context, template, fitTemplate(template, named) ?? {}, named)
  },
)
