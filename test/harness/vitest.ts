import { parseArgs } from 'node:util'
import { startVitest, type TestModule } from 'vitest/node'

interface Options {
  root: string
  /** Files or parts of their names; `-t` takes tests by their title. */
  args: string[]
  projects?: string[]
  signal: AbortSignal
}

interface Run {
  modules: TestModule[]
  errorsOutside: number
}

/** Runs vitest in this process, its tests in processes of their own; ends early by the signal. */
export async function runVitest({ root, args, projects, signal }: Options): Promise<Run> {
  signal.throwIfAborted()
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { testNamePattern: { type: 'string', short: 't' } },
  })
  const vitest = await startVitest('test', positionals, {
    root,
    watch: false,
    project: projects,
    testNamePattern: values.testNamePattern,
    // The closing lines are ours.
    reporters: [['default', { summary: false }]],
    passWithNoTests: true,
  })
  const cancel = () => vitest.cancelCurrentRun('keyboard-input')
  signal.addEventListener('abort', cancel, { once: true })
  await vitest.close()
  signal.throwIfAborted()
  return {
    modules: vitest.state.getTestModules(),
    errorsOutside: vitest.state.getUnhandledErrors().length,
  }
}
