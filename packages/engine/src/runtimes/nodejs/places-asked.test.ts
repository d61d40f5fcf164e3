import { expect, test } from 'vitest'
import { treeOf } from '../../../../../test/harness/subject.ts'
import { placesAsked } from './places-asked.ts'

const json = (value: object) => JSON.stringify(value, null, 2)

test('each package is told with the line of the package.json that asks for it at run time', async () => {
  const root = {
    workspaces: ['packages/*'],
    dependencies: { ms: '1', semver: '1' },
    devDependencies: { ms: '2' },
  }
  const files = {
    'package.json': json(root),
    'packages/a/package.json': json({ dependencies: { ms: '1', leftpad: '1' } }),
  }
  expect(await placesAsked(treeOf(files))).toEqual({
    ms: 'package.json:6',
    semver: 'package.json:7',
    leftpad: 'packages/a/package.json:4',
  })
})
