import type { Verdict } from '@packline/shared'
import type { TestModule } from 'vitest/node'

declare module 'vitest' {
  interface TaskMeta {
    /** What came of a fixture that is to be packed. */
    fixture?: Verdict | 'refused'
  }
}

/** One line over all fixtures of a run: right packages refused, and how the others were proved. */
export function remarkOnFixtures(modules: readonly TestModule[]): string[] {
  const metas = modules.flatMap((module) =>
    [...module.children.allTests()].map((one) => one.meta()),
  )
  const ended = metas.flatMap(({ fixture }) => fixture ?? [])
  const packed = ended.filter((one) => one !== 'refused')
  if (ended.length === 0) return []
  const share = (verdict: Verdict) => {
    const count = packed.filter((one) => one === verdict).length
    return `${Math.round((100 * count) / Math.max(packed.length, 1))} %`
  }
  const refused = ended.length - packed.length
  return [
    `fixtures: right but refused ${refused}, of ${packed.length} packed proved ${share('proved')}, ` +
      `checked ${share('checked')}, not loaded ${share('not-loaded')}`,
  ]
}
