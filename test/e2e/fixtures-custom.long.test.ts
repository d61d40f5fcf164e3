import { readFixtures } from '../harness/fixtures.ts'
import { walkFixtures } from '../harness/walk-fixtures.ts'

walkFixtures(await readFixtures('custom'))
