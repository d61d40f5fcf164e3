import { expect, test } from 'vitest'
import { buildInfo, sharedLibrary } from '../../../../../test/harness/go-binary.ts'
import { orderOf, subjectOf } from '../../../../../test/harness/subject.ts'
import { components } from './components.ts'

const INFO = [
  'path\texample.com/hello',
  'mod\texample.com/hello\t(devel)\t',
  'dep\tgithub.com/x/y\tv1.2.3\th1:abc=',
  'dep\tgithub.com/old\tv1.0.0\t',
  '=>\tgithub.com/new\tv2.0.0\th1:def=',
  'dep\tgithub.com/here\tv1.0.0',
  '=>\t./here\t',
  '',
]

test('the modules that were compiled in are told, with what go.sum had of them', async () => {
  const bytes = sharedLibrary({ '.go.buildinfo': buildInfo('go1.26.8', INFO) })
  const order = await orderOf({ runtime: 'go', handler: 'hello.Handler' })
  const subject = await subjectOf(order, { 'hello.so': bytes, 'data/other.so': bytes })
  const found = await components(subject)
  expect(found.map(({ purl, properties }) => [purl, properties])).toEqual([
    ['pkg:golang/github.com/x/y@v1.2.3', { 'packline:go:sum': 'h1:abc=' }],
    ['pkg:golang/github.com/new@v2.0.0', { 'packline:go:sum': 'h1:def=' }],
    ['pkg:golang/github.com/here', undefined],
    ['pkg:golang/stdlib@1.26.8', undefined],
  ])
})
