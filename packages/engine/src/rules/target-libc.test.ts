import { expect, test } from 'vitest'
import { type ElfContent, elfOf } from '../../../../test/harness/elf.ts'
import { orderOf, subjectOf, type TestFile } from '../../../../test/harness/subject.ts'
import { nodejs } from '../runtimes/nodejs/index.ts'
import { targetLibc } from './target-libc.ts'

type Request = Partial<Parameters<typeof orderOf>[0]>

async function said(files: Record<string, TestFile | ElfContent>, request: Request = {}) {
  const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler', ...request })
  const packed = Object.entries(files).map(([path, file]) => [path, fileOf(file)])
  return targetLibc.check(await subjectOf(order, Object.fromEntries(packed)), nodejs)
}

function fileOf(file: TestFile | ElfContent): TestFile {
  const isFile = typeof file === 'string' || Buffer.isBuffer(file) || 'bytes' in file
  return isFile || 'linkTarget' in file ? file : elfOf(file as ElfContent)
}

const OLD: ElfContent = { needed: ['libc.so.6'], versions: { 'libc.so.6': ['GLIBC_2.17'] } }
const NEW: ElfContent = { needed: ['libc.so.6'], versions: { 'libc.so.6': ['GLIBC_2.34'] } }

test('what any Linux of the platform can load is silent', async () => {
  const program = { ...OLD, type: 2, interpreter: '/lib64/ld-linux-x86-64.so.2' }
  const cpp = {
    needed: ['libstdc++.so.6', 'libgcc_s.so.1', 'libz.so.1'],
    versions: { 'libstdc++.so.6': ['GLIBCXX_3.4.19', 'CXXABI_1.3.7', 'CXXABI_TM_1'] },
  }
  const files = { 'a.so': OLD, 'b.node': cpp, tool: { bytes: elfOf(program), executable: true } }
  expect(await said(files)).toEqual([])
  expect(await said({ 'index.js': '', 'text.so': 'INPUT(libc.so.6)' })).toEqual([])
})

test('a newer glibc than the platform is known to have is told, with both', async () => {
  expect(await said({ 'hello.so': NEW })).toMatchObject([
    {
      rule: 'target-libc',
      level: 'warning',
      message: 'hello.so needs glibc 2.34; CTYun FunctionGraph is known to have glibc 2.17',
      hint: expect.stringContaining('glibc.version'),
      path: 'hello.so',
    },
  ])
  const [go] = await said({ 'hello.so': NEW }, { runtime: 'go', handler: 'hello.Handler' })
  expect(go?.hint).toContain('ziglang')
})

test('a profile that is sure makes it an error', async () => {
  const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler' })
  const profile = { ...order.profile, glibc: { version: '2.33', level: 'error' } as const }
  const subject = await subjectOf({ ...order, profile }, { 'a.so': elfOf(NEW) })
  expect(await targetLibc.check(subject, nodejs)).toMatchObject([{ level: 'error' }])
})

test('newer versions of other libraries count too, one that only glibc 2.36 has as that', async () => {
  const versions = {
    'libstdc++.so.6': ['GLIBCXX_3.4.9', 'GLIBCXX_3.4.30', 'CXXABI_1.3.13'],
    'libc.so.6': ['GLIBC_2.4', 'GLIBC_ABI_DT_RELR'],
  }
  const [finding] = await said({ 'a.node': { versions } })
  expect(finding?.message).toBe(
    'a.node needs GLIBCXX_3.4.30 and CXXABI_1.3.13 and glibc 2.36; CTYun FunctionGraph is known to have GLIBCXX_3.4.19 and CXXABI_1.3.7 and glibc 2.17',
  )
})

test('what the package brings itself is neither missing nor too old', async () => {
  const versions = { 'libstdc++.so.6': ['GLIBCXX_3.4.30'] }
  const needing = { needed: ['libstdc++.so.6', 'libpq-1a2b.so.5', 'libssl.so.3'], versions }
  const files = {
    'psycopg2/_psycopg.so': needing,
    'psycopg2.libs/libpq-1a2b.so.5': {},
    'lib/libstdc++.so.6': { linkTarget: 'other' },
    'lib/other': '',
    'lib/crypto.so': { soname: 'libssl.so.3' },
  }
  expect(await said(files)).toEqual([])
})

test('a library that nobody brings is told with who needs it', async () => {
  const [finding, ...more] = await said({ 'cv2/cv2.so': { needed: ['libGL.so.1'] } })
  expect(more).toEqual([])
  expect(finding?.message).toBe(
    'cv2 (cv2/cv2.so) needs libGL.so.1: not in the package, and not known to be on CTYun FunctionGraph',
  )
})

test('the files of one library are told once', async () => {
  const files = {
    'numpy/a.so': NEW,
    'numpy/b.so': { versions: { 'libc.so.6': ['GLIBC_2.28'] } },
    'numpy.libs/c.so': NEW,
    'node_modules/@img/sharp/a.node': NEW,
    'node_modules/x/node_modules/y/a.node': NEW,
  }
  expect((await said(files)).map(({ message }) => message.split(' needs ')[0])).toEqual([
    '@img/sharp (node_modules/@img/sharp/a.node)',
    'y (node_modules/x/node_modules/y/a.node)',
    'numpy (numpy.libs/c.so and 2 more)',
  ])
})

const MUSL = { needed: ['libc.musl-x86_64.so.1'] }

test('a file for Alpine Linux alone is told, beside one for glibc it is not', async () => {
  const [finding] = await said({ 'prebuilds/linux-x64/a.musl.node': MUSL })
  expect(finding?.hint).toContain('Alpine')
  const both = { 'prebuilds/linux-x64/a.musl.node': MUSL, 'prebuilds/linux-x64/a.glibc.node': OLD }
  expect(await said(both)).toEqual([])
})

test('a loader that stands nowhere on the platform keeps a program from starting', async () => {
  const program = (interpreter: string) => ({
    bytes: elfOf({ type: 2, interpreter }),
    executable: true,
  })
  const [nix] = await said({ tool: program('/nix/store/x-glibc/lib/ld-linux-x86-64.so.2') })
  expect(nix?.message).toContain('tool needs /nix/store/x-glibc/lib/ld-linux-x86-64.so.2')
  const [alpine] = await said({ tool: program('/lib/ld-musl-x86_64.so.1') })
  expect(alpine?.hint).toContain('Alpine')
  expect(await said({ tool: program('/opt/function/code/lib/ld.so') })).toEqual([])
})

test('files of another architecture are left to the rule that is theirs', async () => {
  const arm = { ...NEW, machine: 183 }
  expect(await said({ 'a.so': arm })).toEqual([])
  expect(await said({ 'a.so': arm }, { architecture: 'aarch64' })).toHaveLength(1)
})
