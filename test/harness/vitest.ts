import { parseArgs } from 'node:util'
import { createVitest, type TestModule } from 'vitest/node'

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
  Object.assign(process.env, { VITEST: 'true', NODE_ENV: 'test' })
  const vitest = await keepSignals(() =>
    createVitest('test', {
      root,
      run: true,
      watch: false,
      project: projects,
      testNamePattern: values.testNamePattern,
      // The closing lines are ours.
      reporters: [['default', { summary: false }]],
      passWithNoTests: true,
    }),
  )
  const cancel = () => vitest.cancelCurrentRun('keyboard-input')
  signal.addEventListener('abort', cancel, { once: true })
  try {
    await vitest.start(positionals)
  } catch (error) {
    // No file fits: then nothing has passed, and the closing lines say so.
    if ((error as NodeJS.ErrnoException).code !== 'VITEST_FILES_NOT_FOUND') throw error
  } finally {
    await vitest.close()
  }
  signal.throwIfAborted()
  return {
    modules: vitest.state.getTestModules(),
    errorsOutside: vitest.state.getUnhandledErrors().length,
  }
}

/** vitest would exit at the first signal, before the services are stopped and their files gone. */
async function keepSignals<T>(create: () => Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM'] as const
  const before = new Set(signals.flatMap((signal) => process.listeners(signal)))
  const created = await create()
  for (const signal of signals) {
    for (const listener of process.listeners(signal)) {
      if (!before.has(listener)) process.off(signal, listener)
    }
  }
  return created
}
