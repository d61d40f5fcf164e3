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
    [['make', 'PWD=/build/source', 'PATH=/usr/bin', 'PATTERN=*.go', 'COMPASS=north'], []],
    [['tool', 'Server=db;Uid=me;Pwd=abc-1;'], ['abc-1']],
    [
      ['tool', 'DB_PASS=abc-1', '--pat', 'abc-2', '-Dpass=abc-3'],
      ['abc-1', 'abc-2', 'abc-3'],
    ],
  ])('of %j is secret: %j', (command, secrets) => {
    expect(argumentSecrets(command)).toEqual(secrets)
  })
})

/** Where a value has blanks its first word is secret too: how often it is unquoted is not known. */
describe('a line for a shell', () => {
  test.each<[string, string[]]>([
    ['TOKEN=abc-1 make', ['abc-1 make', 'abc-1']],
    ['cd a && TOKEN=abc-1 make', ['abc-1']],
    ['export TOKEN=abc-1;make', ['abc-1']],
    ['A=1\nTOKEN=abc-1\nmake', ['abc-1']],
    ['(TOKEN=abc-1)|cat', ['abc-1']],
    ["env TOKEN='abc 1; 2' make", ['abc 1; 2', 'abc']],
    ['env TOKEN="a\\"b\\x c"d\\ e make', ['a"b\\x cd e', 'ab\\x cd e', 'abx']],
    ["env TOKEN=$'abc-1' make", ['abc-1']],
    ["env TOKEN='abc-1", ['abc-1']],
    ['echo "$(TOKEN=abc-1 make)" `KEY_SECRET=abc-2 make`', ['abc-2', 'abc-1']],
    ['bash -c \'sh -c "TOKEN=abc-1 make"\'', ['abc-1 make', 'abc-1']],
    ['tool --token=abc-1 --password abc-2', ['abc-1', 'abc-2']],
    ["curl 'https://host/?a=1&token=abc-1&b=2'", ['abc-1']],
    ['it is NO_COMPASS=abc-1, not $TOKEN', []],
    ['cd $PWD && PWD=/build PATH=$PATH:/opt make', []],
  ])('%s holds %j', (line, secrets) => {
    expect(argumentSecrets(['sh', '-c', line])).toEqual(secrets)
  })

  test('however long and wrong it is, is read in a moment', () => {
    const startedAt = performance.now()
    for (const part of ['a', "'", '"', '\\', '`', '$(', 'TOKEN=', '\'"', '\\"', ' -', 'a=']) {
      argumentSecrets(['sh', '-c', part.repeat(20_000)])
    }
    expect(performance.now() - startedAt).toBeLessThan(5000)
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
