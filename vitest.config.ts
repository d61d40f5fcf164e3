import { defineConfig } from 'vitest/config'

// Beside the file they test stand the unit tests; what crosses packages stands below test/.
const UNIT = ['packages', 'services', 'profiles'].map((folder) => `${folder}/**/*.test.ts`)

/** Tests that take minutes; `npm run test:all` takes them in. */
const LONG = '**/*.long.test.ts'

const project = (name: string, include: string[], timeoutMs: number, more = {}) => ({
  extends: true as const,
  test: { name, include, testTimeout: timeoutMs, hookTimeout: timeoutMs, ...more },
})

/** Half of what a hundred small files cost is loading the same modules anew for each. */
const TOGETHER = { pool: 'threads', isolate: false }

export default defineConfig({
  test: {
    pool: 'forks',
    // Tool chains run below the tests and use the cores as well.
    maxWorkers: 2,
    exclude: ['**/node_modules/**', '.local/**', ...(process.env.PACKLINE_TEST_ALL ? [] : [LONG])],
    restoreMocks: true,
    projects: [
      project('unit', [...UNIT, 'test/*.test.ts', 'test/harness/**/*.test.ts'], 30_000, TOGETHER),
      project('conformance', ['test/conformance/**/*.test.ts', 'bin/*.test.ts'], 60_000),
      project('e2e', ['test/e2e/**/*.test.ts'], 120_000),
    ],
  },
})
