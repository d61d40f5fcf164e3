import type { Standing } from '@packline/records'
import type { BuildView } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { describeState, stateOf } from './describe-state.ts'

const build = (more: Omit<Standing, 'build'>): Standing => ({ build: 'b1', ...more })
const failure = (blame: 'caller' | 'platform', detail: string) =>
  ({ code: 'COMPILE_FAILED', title: 'The code does not compile', blame, detail }) as const

describe('a build is for its commit', () => {
  test.each([
    [{ state: 'queued' }, 'pending', 'Waits to be built'],
    [{ state: 'running' }, 'pending', 'Being built'],
    [
      { state: 'failed', failure: failure('caller', 'main.go:3') },
      'failure',
      'The code does not compile: main.go:3',
    ],
    [
      { state: 'failed', failure: failure('platform', 'x') },
      'error',
      'The code does not compile: x',
    ],
    [{ state: 'cancelled', cancelReason: 'superseded' }, 'cancelled', 'Cancelled: superseded'],
  ] as const)('%j: %s', (view, state, description) => {
    expect(stateOf(build(view))).toBe(state)
    expect(describeState(build(view))).toBe(description)
  })

  test('a success, with the size of the package and what was proved', () => {
    const stored = { size: 1234567 } as BuildView['package']
    const verdict = { verdict: 'proved', because: 'it was loaded' } as BuildView['verdict']
    const view = build({ state: 'succeeded', package: stored, verdict })
    expect([stateOf(view), describeState(view)]).toEqual([
      'success',
      'A package of 1,234,567 bytes, proved',
    ])
  })
})

test('a push is told as a whole where it has no builds', () => {
  const wrong = { state: 'failed', failure: failure('caller', 'packline.yaml:2') } as const
  expect([stateOf(wrong), describeState(wrong)]).toEqual([
    'failure',
    'The code does not compile: packline.yaml:2',
  ])
  expect(describeState({ state: 'succeeded' })).toBe(
    'The repository was read; each function tells how it stands',
  )
})

test('in Chinese where the hook says so, a failure too', () => {
  const zh = { detail: 'main.go 第 3 行' }
  const failed = { ...failure('caller', 'main.go:3'), zh }
  const told = (more: Omit<Standing, 'build'>) => describeState(build(more), 'zh')
  expect(told({ state: 'queued' })).toBe('等待构建')
  expect(told({ state: 'running' })).toBe('正在构建')
  expect(told({ state: 'failed', failure: failed })).toMatch(/^[^a-z]+：main\.go 第 3 行$/)
  expect(told({ state: 'cancelled', cancelReason: 'superseded' })).toBe('已取消：superseded')
  const stored = { size: 1234567 } as BuildView['package']
  const verdict = { verdict: 'proved', because: 'it was loaded' } as BuildView['verdict']
  const made = { state: 'succeeded', package: stored, verdict } as const
  expect(told(made)).toBe('部署包 1,234,567 字节，已验证可加载')
  expect(describeState({ state: 'succeeded' }, 'zh')).toBe('仓库已读取；各函数分别给出其状态')
})

test('a description is one line of at most 140 whole characters', () => {
  const long = build({ state: 'failed', failure: failure('caller', `a\n${'𝒳'.repeat(300)}`) })
  const text = describeState(long)
  expect([...text]).toHaveLength(140)
  expect(text).toMatch(/^The code does not compile: a 𝒳+\.\.\.$/u)
})
