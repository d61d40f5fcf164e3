import { loadProfile } from '@packline/profiles'
import { expect, test } from 'vitest'
import { type Profile, profileSchema } from './profile.ts'

const shipped = await loadProfile('ctyun-functiongraph')

/** What is said of a profile that differs from the shipped one. */
function said(change: (profile: Profile) => unknown): string[] {
  const parsed = profileSchema.safeParse(change(structuredClone(shipped)))
  if (parsed.success) return []
  return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

test('the shipped profile is complete, and nothing is lost in reading it', () => {
  expect(said((profile) => profile)).toEqual([])
  expect(profileSchema.parse(shipped)).toEqual(shipped)
})

test('an installation may have some of the runtimes', () => {
  expect(said(({ runtimes: { nodejs }, ...rest }) => ({ ...rest, runtimes: { nodejs } }))).toEqual(
    [],
  )
  expect(said((profile) => ({ ...profile, runtimes: {} }))).toEqual([
    'runtimes: must list at least one runtime',
  ])
  const other = said((profile) => ({ ...profile, runtimes: { ruby: profile.runtimes.nodejs } }))
  expect(other.join()).toMatch(/runtimes.*ruby/)
})

test.each<[string, (profile: Profile) => unknown, RegExp]>([
  ['at the top', (profile) => ({ ...profile, colour: 'red' }), /"colour"/],
  [
    'in the limits',
    (profile) => ({ ...profile, limits: { ...profile.limits, uploadBytesMx: 1 } }),
    /limits: .*"uploadBytesMx"/,
  ],
  [
    'in a runtime',
    (profile) => ({
      ...profile,
      runtimes: { ...profile.runtimes, go: { ...profile.runtimes.go, versionz: [] } },
    }),
    /runtimes\.go: .*"versionz"/,
  ],
])('an unknown field %s is refused by name', (_where, change, message) => {
  expect(said(change).join()).toMatch(message)
})

test('fields that are missing, or of the wrong kind, are told with their place', () => {
  const mistakes = said(({ region, ...profile }) => ({
    ...profile,
    httpPort: 70_000,
    architectures: [],
    codeRoot: 'opt/function',
    glibc: { version: '2', level: 'note' },
  }))
  for (const place of ['region', 'httpPort', 'architectures', 'codeRoot', 'glibc.version']) {
    expect(mistakes.join('\n')).toContain(`${place}: `)
  }
})

test('values that contradict each other are refused', () => {
  const nodejs = {
    versions: [{ version: '20' }, { version: '20' }],
    handlerForms: ['any'] as const,
  }
  const found = said((profile) => ({
    ...profile,
    runtimes: { nodejs: { ...nodejs, default: '18' } },
    limits: {
      ...profile.limits,
      handlerCharsMin: 200,
      directDeployBytesMax: profile.limits.packageBytesMax + 1,
      unpackedWarnBytes: profile.limits.unpackedBytesMax + 1,
    },
  }))
  expect(found).toEqual([
    'runtimes.nodejs.default: must be one of the versions listed, found "18"',
    'runtimes.nodejs.versions: has "20" twice',
    'limits.handlerCharsMin: must not be more than handlerCharsMax',
    'limits.directDeployBytesMax: must not be more than packageBytesMax',
    'limits.unpackedWarnBytes: must not be more than unpackedBytesMax',
  ])
})

/** What is said of a bucket that deployment names. */
const saidOfBucket = (bucket: string) =>
  said((profile) => ({ ...profile, deployment: { ...profile.deployment, bucket } }))

test.each(['s3://code', 's3://team-code/deploy', 's3://team.code/a/b_c-1/.d'])(
  'a deployment bucket may be %s',
  (bucket) => {
    expect(saidOfBucket(bucket)).toEqual([])
  },
)

test.each(['code', 'https://code', 's3://', 's3://Code', 's3://code/', 's3://code/a//b'])(
  'a deployment bucket may not be %s',
  (bucket) => {
    const message = 'deployment.bucket: must be s3://bucket or s3://bucket/prefix'
    expect(saidOfBucket(bucket)).toEqual([message])
  },
)

test.each(['s3://code/..', 's3://code/a/./b', 's3://code/a b', 's3://user@code/a'])(
  'a deployment bucket has no place like %s',
  (bucket) => {
    expect(saidOfBucket(bucket).join()).toMatch(/^deployment\.bucket: must be/)
  },
)
