import type { TestCase, TestModule } from 'vitest/node'
import { remarkOnFixtures } from './fixture-shares.ts'

const SLOW_MS = 5000

/** What a run came to. */
export interface Outcome {
  passed: number
  failed: number
  skipped: number
  /** Slow tests and skipped ones with their reasons, for the lines before the last. */
  remarks: string[]
}

/** Counts the tests of a run; files that did not load and errors outside of tests have failed. */
export function countOutcome(modules: TestModule[], errorsOutside: number): Outcome {
  const outcome: Outcome = { passed: 0, failed: errorsOutside, skipped: 0, remarks: [] }
  for (const module of modules) {
    for (const test of module.children.allTests()) outcome[countOne(test, outcome.remarks)]++
    const loadErrors = module.errors().length
    outcome.failed += loadErrors
    if (loadErrors > 0) outcome.remarks.push(`did not load: ${module.relativeModuleId}`)
  }
  outcome.remarks.push(...remarkOnFixtures(modules))
  return outcome
}

/** The last line of every run. */
export function closingLine({ passed, failed, skipped }: Outcome): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

function countOne(test: TestCase, remarks: string[]): 'passed' | 'failed' | 'skipped' {
  const name = `${test.module.relativeModuleId} > ${test.fullName}`
  const result = test.result()
  const duration = test.diagnostic()?.duration ?? 0
  if (duration > SLOW_MS) remarks.push(`slow: ${(duration / 1000).toFixed(1)} s ${name}`)
  if (result.state === 'passed' || result.state === 'failed') return result.state
  const reason = (result.state === 'skipped' && result.note) || 'no reason given'
  const isLost = test.module.errors().length > 0
  remarks.push(`skipped: ${name}: ${isLost ? 'its file did not load' : reason}`)
  return 'skipped'
}
