import { findIsolation } from '@packline/engine'
import { readFixtures } from '../harness/fixtures.ts'
import { walkFixtures } from '../harness/walk-fixtures.ts'

/** What an installer lays out, and where code of the source is installed as well. */
const NAMES = ['with-deps', 'gradle-with-deps', 'local-folder', 'local-wheel', 'sdist-hashed']

// Builds with dependencies where there is no sandbox, as on a machine without bubblewrap.
walkFixtures(
  (await readFixtures()).filter(({ name }) => NAMES.includes(name)),
  { isolation: await findIsolation({ unsandboxed: true }) },
)
