import { defineConfig } from 'vitest/config'

// Beside the file they test stand the unit tests; what crosses packages stands below test/.
const UNIT = ['packages', 'services', 'profiles', 'bench'].map((folder) => `${folder}/**/*.test.ts`)

/**
 * Stand beside what they test as well, but start sandboxes, tool chains and servers or read very
 * large inputs. `npm run check`, which is to stay under 30 s, leaves them out.
 */
const SYSTEM = [
  'packages/archive/src/tar/*.test.ts',
  'packages/archive/src/{entry-content,gate.property,interop,unpack,write,write-jar,write-memory}.test.ts',
  'packages/client/src/{client,follow-events}.test.ts',
  'packages/engine/src/{registries,tools}/**/*.test.ts',
  'packages/engine/src/process/**/*.test.ts',
  'packages/engine/src/runtimes/go/{binary,outline}.test.ts',
  'packages/engine/src/runtimes/java/{check,check-classes,class-file,class-references,jdk-packages,sdk}.test.ts',
  'packages/engine/src/runtimes/*/load.test.ts',
  'packages/engine/src/{elf-needs,pipeline,sbom}.test.ts',
  'packages/engine/src/rules/secrets.test.ts',
  'packages/engine/src/sources/{*,git/mirror/mirror}.test.ts',
  'packages/engine/src/steps/{attach,make,prove-load,store}.test.ts',
  'packages/engine/src/{folder-tree,workbench}.test.ts',
  'packages/outbound/src/{make-outbound,through-proxy}.test.ts',
  'packages/records/src/{functions,lasting}/*.test.ts',
  'packages/records/src/{archive-builds,archived-build,list-many,redis-away,sweep-dependencies,sweep-objects,unfold-batch,watch}.test.ts',
  'packages/setup/src/process/*.test.ts',
  'packages/setup/src/{container,end-on-fault,folder-lock,minio,minio-build,redis}.test.ts',
  'packages/stores/src/{minio-store,object-reader,object-writer}.test.ts',
  'services/api/src/hooks/forgeries.test.ts',
  'services/start/src/{line,run-lock}.test.ts',
  'services/worker/src/{consume,housekeeping,reporter,run-build}.test.ts',
  'services/worker/src/{expand,notify}/*.test.ts',
]

/**
 * Tests that hold an issue's bound on time: what else runs on the machine would be measured with
 * them, so they come after all others, one by one.
 */
const ALONE = ['packages/archive/src/bombs.test.ts', 'test/e2e/neighbour.long.test.ts']

/** Tests that take minutes; `npm run test:all` takes them in. */
const LONG = '**/*.long.test.ts'

interface More {
  exclude?: string[]
  pool?: 'threads'
  isolate?: boolean
  maxWorkers?: number
  sequence?: { groupOrder: number }
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
        exclude: [...LEFT_OUT, ...SYSTEM, ...ALONE],
      }),
      project('system', SYSTEM, 60_000, TOGETHER),
      project('conformance', ['test/conformance/**/*.test.ts', 'bin/**/*.test.ts'], 60_000),
      project('e2e', ['test/e2e/**/*.test.ts'], 120_000, { exclude: [...LEFT_OUT, ...ALONE] }),
      project('alone', ALONE, 120_000, { maxWorkers: 1, sequence: { groupOrder: 1 } }),
    ],
  },
})
