import type { BuildEventBody, BuildRequest } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import type { BuildContext } from '../context.ts'
import { argumentSecrets, guarded } from './guard.ts'

describe('an argument', () => {
  test.each<[string[], string[]]>([
    [['make', 'TOKEN=abc-1'], ['abc-1']],
    [['make', 'DB_PASSWORD=a=b', 'all'], ['a=b']],
    [['tool', '--api-key=abc-1'], ['abc-1']],
    [
      ['tool', '--auth-token', 'abc-1', '--password', 'abc-2'],
      ['abc-1', 'abc-2'],
    ],
    [['tool', '-token', 'abc-1'], ['abc-1']],
    [['tool', '--secret', '--verbose'], []],
    [['tool', '--token'], []],
    [['make', 'GOOS=linux', '-j', '4', 'token'], []],
    [['sh', '-c', 'echo $TOKEN'], []],
  ])('of %j is secret: %j', (command, secrets) => {
    expect(argumentSecrets(command)).toEqual(secrets)
  })
})

test('no event tells what the request, its credentials and the registries hold', () => {
  const events: BuildEventBody[] = []
  const opened = ['of-a-credential']
  const context = {
    registries: { secrets: ['of-a-registry'] },
    secrets: () => opened,
    reporter: { event: (body: BuildEventBody) => events.push(body) },
  } as unknown as BuildContext
  const request = { build: { command: ['make', 'TOKEN=of-an-argument'] } } as BuildRequest
  const { reporter, secrets } = guarded(request, context)
  const tell = () =>
    reporter.event({
      type: 'stage',
      stage: 'a',
      command: 'make TOKEN=of-an-argument of-a-registry of-a-credential of-another',
    })
  tell()
  opened.push('of-another')
  tell()
  expect(events).toEqual([
    { type: 'stage', stage: 'a', command: 'make TOKEN=*** *** *** of-another' },
    { type: 'stage', stage: 'a', command: 'make TOKEN=*** *** *** ***' },
  ])
  expect([...(secrets?.() ?? [])]).toEqual([...opened, 'of-an-argument'])
})
