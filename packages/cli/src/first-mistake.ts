import { describeIssue, placeOf, type Words } from '@packline/shared'

type Issue = Parameters<typeof describeIssue>[0]

/** The first thing that a schema refuses: where it stands, what was expected and found. */
export function firstMistake({ issues: [issue] }: { issues: Issue[] }, given: unknown): Words {
  if (!issue) return { en: 'it is not right', zh: '不正确' }
  const said = describeIssue(issue, given)
  const place = placeOf(issue.path)
  if (place === '') return said
  const name = place === 'function' ? '--name' : place
  return { en: `${name}: ${said.en}`, zh: `${name}：${said.zh}` }
}
