import { defineConfig } from 'vitest/config'

// Beside the file they test stand the unit tests; what crosses packages stands below test/.
const UNIT = ['packages', 'services', 'profiles', 'bench'].map((folder) => `${folder}/**/*.test.ts`)

/**
 * Stand beside what they test as well, but start sandboxes, tool chains and servers or read very
 * large inputs. `npm run check`, which is to stay under 30 s, leaves them out.
 */
const SYSTEM = [
  'packages/archive/src/{entry-content,gate.property,interop,unpack,write,write-memory}.test.ts',
  'packages/engine/src/{registries,tools}/**/*.test.ts',
  'packages/engine/src/process/**/*.test.ts',
  'packages/engine/src/runtimes/go/{binary,outline}.test.ts',
  'packages/engine/src/runtimes/java/{check,check-classes,class-file,class-references,jdk-packages,sdk}.test.ts',
  'packages/engine/src/runtimes/*/load.test.ts',
  'packages/engine/src/{elf-needs,pipeline,sbom}.test.ts',
  'packages/engine/src/rules/secrets.test.ts',
  'packages/engine/src/sources/*.test.ts',
  'packages/engine/src/steps/{attach,make,prove-load}.test.ts',
  'packages/engine/src/workbench.test.ts',
  'packages/records/src/{archive-builds,archived-build,redis-away,sweep-objects,watch}.test.ts',
  'packages/setup/src/process/*.test.ts',
  'packages/setup/src/{container,minio,minio-build,redis}.test.ts',
  'packages/stores/src/minio-store.test.ts',
  'services/start/src/{line,run-lock}.test.ts',
  'services/worker/src/{consume,housekeeping,reporter,run-build}.test.ts',
]

/** Tests that take minutes; `npm run test:all` takes them in. */
const LONG = '**/*.long.test.ts'

interface More {
  exclude?: string[]
  pool?: 'threads'
  isolate?: boolean
}

const project = (name: string, include: string[], timeoutMs: number, more: More = {}) => ({
  extends: true as const,
  test: { name, include, testTimeout: timeoutMs, hookTimeout: timeoutMs, ...more },
})

/** Half of what a hundred small files cost is loading the same modules anew for each. */
const TOGETHER = { pool: 'threads', isolate: false } as const

const LEFT_OUT = [
  '**/node_modules/**',
  '.local/**',
  ...(process.env.PACKLINE_TEST_ALL ? [] : [LONG]),
]

export default defineConfig({
  test: {
    pool: 'forks',
    // Tool chains run below the tests and use the cores as well.
    maxWorkers: 2,
    exclude: LEFT_OUT,
    restoreMocks: true,
    projects: [
      project('unit', [...UNIT, 'test/*.test.ts'], 30_000, {
        ...TOGETHER,
        exclude: [...LEFT_OUT, ...SYSTEM],
      }),
      project('system', SYSTEM, 60_000, TOGETHER),
      project('conformance', ['test/conformance/**/*.test.ts', 'bin/*.test.ts'], 60_000),
      project('e2e', ['test/e2e/**/*.test.ts'], 120_000),
    ],
  },
})
