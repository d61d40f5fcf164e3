import type { BuildReport } from '@packline/shared'
import type { Records } from './records.ts'
import { newBuild, SUCCEEDED } from './test-installation.ts'

export const REPORT = {
  schema: 1,
  buildKey: 'k',
  findings: [],
  profile: 'ctyun',
} as unknown as BuildReport

export type Given = [log?: string[], tenant?: string]

/** A build that has ended well, with a report and these lines. */
export async function finishedBuild(
  records: Records,
  ...[log = ['one', 'two: 你好'], tenant = 'acme']: Given
): Promise<string> {
  const build = newBuild('kept', { sourceKey: 'sources/1' })
  const [id = ''] = (await records.accept([build], { tenant })).ids
  await records.begin(id, 'w1')
  await records.finish(id, 1, { ...SUCCEEDED, report: REPORT } as typeof SUCCEEDED, { log })
  return id
}
