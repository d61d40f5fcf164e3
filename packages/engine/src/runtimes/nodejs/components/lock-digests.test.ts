import { expect, test } from 'vitest'
import { lockDigests } from './lock-digests.ts'

const A = Buffer.alloc(64, 1)
const B = Buffer.alloc(64, 2)
const [INTEGRITY_A, INTEGRITY_B] = [A, B].map((bytes) => `sha512-${bytes.toString('base64')}`)
const [HEX_A, HEX_B] = [A.toString('hex'), B.toString('hex')]

/** The digests of these packages, by lock files of these texts. */
async function digests(files: Record<string, string>, ...ids: [name: string, version: string][]) {
  const digestOf = await lockDigests(async (path) => files[path])
  return ids.map((id) => digestOf(...id))
}

test.each(['npm-shrinkwrap.json', 'package-lock.json', 'node_modules/.package-lock.json'])(
  '%s has them by place, and by the name of what lies there under another',
  async (path) => {
    const packages = {
      '': { name: 'own', version: '1.0.0' },
      'node_modules/@a/b': { version: '1.0.0', integrity: INTEGRITY_A },
      'packages/x/node_modules/ms': { version: '2.1.3', integrity: INTEGRITY_B },
      'node_modules/other': { name: 'named', version: '1.0.0', integrity: INTEGRITY_B },
      'node_modules/linked': { resolved: 'packages/linked', link: true },
      'node_modules/broken': { version: 7, integrity: INTEGRITY_A },
    }
    const ids = [
      ['@a/b', '1.0.0'],
      ['ms', '2.1.3'],
      ['named', '1.0.0'],
      ['other', '1.0.0'],
      ['ms', '2.1.2'],
    ] as [string, string][]
    const files = { [path]: JSON.stringify({ packages }) }
    expect(await digests(files, ...ids)).toEqual([HEX_A, HEX_B, HEX_B, undefined, undefined])
  },
)

test.each(['\n', '\r\n'])(
  'yarn.lock of Yarn 1 has them by what was asked for (%j)',
  async (end) => {
    const lines = [
      '# yarn lockfile v1',
      '',
      '"@a/b@^1.0.0", "@a/b@~1.0.0":',
      '  version "1.0.0"',
      '  resolved "https://registry.example/b-1.0.0.tgz#0123"',
      `  integrity ${INTEGRITY_A}`,
      '  dependencies:',
      '    version "^9.0.0"',
      '',
      'ms@2.1.3, ms@^2.1.1:',
      '  version "2.1.3"',
      `  integrity ${INTEGRITY_B}`,
      '',
      'other@npm:named@^1.0.0:',
      '  version "1.2.0"',
      `  integrity ${INTEGRITY_A}`,
      '',
      'old@1:',
      '  version "1.0.0"',
      '  resolved "https://registry.example/old-1.0.0.tgz#0123"',
    ]
    const ids = [
      ['@a/b', '1.0.0'],
      ['ms', '2.1.3'],
      ['named', '1.2.0'],
      ['old', '1.0.0'],
    ] as [string, string][]
    const files = { 'yarn.lock': lines.join(end) }
    expect(await digests(files, ...ids)).toEqual([HEX_A, HEX_B, HEX_A, undefined])
  },
)

test('yarn.lock of later Yarns has digests of its own archives only: none is told', async () => {
  const lock = [
    '__metadata:',
    '  version: 8',
    '',
    '"ms@npm:2.1.3":',
    '  version: 2.1.3',
    '  resolution: "ms@npm:2.1.3"',
    `  checksum: 10c0/${HEX_A}`,
  ]
  expect(await digests({ 'yarn.lock': lock.join('\n') }, ['ms', '2.1.3'])).toEqual([undefined])
})

test.each([
  ['9', "'@a/b@1.0.0':", 'ms@2.1.3:'],
  ['8', "'/@a/b@1.0.0(peer@2.0.0)':", '/ms@2.1.3:'],
  ['7', '/@a/b/1.0.0_peer@2.0.0:', '/ms/2.1.3:'],
])('pnpm-lock.yaml of pnpm %s has them by its keys', async (_version, scoped, plain) => {
  const lock = [
    'importers:',
    '',
    '  .:',
    '    dependencies: {}',
    '',
    'packages:',
    '',
    `  ${scoped}`,
    `    resolution: {integrity: ${INTEGRITY_A}, tarball: https://registry.example/b.tgz}`,
    '    peerDependencies:',
    '      peer: 2.0.0',
    '',
    `  ${plain}`,
    `    resolution: {integrity: ${INTEGRITY_B}}`,
    '',
    '  away@https://example.com/away.tgz:',
    `    resolution: {tarball: https://example.com/away.tgz, integrity: ${INTEGRITY_A}}`,
    '    version: 1.0.0',
    '',
    'snapshots:',
    '',
    '  ms@2.1.3: {}',
  ]
  const ids = [
    ['@a/b', '1.0.0'],
    ['ms', '2.1.3'],
    ['away', '1.0.0'],
  ] as [string, string][]
  const files = { 'pnpm-lock.yaml': lock.join('\n') }
  expect(await digests(files, ...ids)).toEqual([HEX_A, HEX_B, undefined])
})

test('of a version with two archives none is told', async () => {
  const lockOf = (integrity = '') =>
    JSON.stringify({ packages: { 'node_modules/ms': { version: '2.1.3', integrity } } })
  const both = (one?: string, other?: string) => {
    const files = { 'package-lock.json': lockOf(one), 'npm-shrinkwrap.json': lockOf(other) }
    return digests(files, ['ms', '2.1.3'])
  }
  expect(await both(INTEGRITY_A, INTEGRITY_A)).toEqual([HEX_A])
  expect(await both(INTEGRITY_A, INTEGRITY_B)).toEqual([undefined])
})

test.each([
  ['no JSON', '{'],
  ['no packages', '{"lockfileVersion":1}'],
  ['a list', '[]'],
  ['a weak digest', '{"packages":{"node_modules/ms":{"version":"2.1.3","integrity":"sha1-AA=="}}}'],
  [
    'a short digest',
    '{"packages":{"node_modules/ms":{"version":"2.1.3","integrity":"sha512-AA=="}}}',
  ],
])('a package-lock.json with %s tells nothing', async (_what, text) => {
  expect(await digests({ 'package-lock.json': text }, ['ms', '2.1.3'])).toEqual([undefined])
})
