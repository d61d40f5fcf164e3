import { expect, test } from 'vitest'
import { type TestFile, treeOf } from '../../../../../../test/harness/subject.ts'
import { readRequirements } from './requirements-file.ts'

const read = (files: Record<string, TestFile>) =>
  readRequirements(treeOf(files), 'requirements.txt')
const refused = (files: Record<string, TestFile>) =>
  read(files).then(
    () => 'not refused',
    (error: Error) => error.message,
  )

/** pip and uv put the variable in. */
const SOURCE = `file://\${PACKLINE_SOURCE}`

test('comments, continued lines and hashes are read as pip reads them', async () => {
  const { lines } = await read({
    'requirements.txt':
      '# 依赖\nsix==1.16.0 \\\n  --hash=sha256:aa \\\n  --hash sha256:bb  # held\n\ntoml\n',
  })
  expect(lines).toMatchObject([
    { text: 'six==1.16.0', hashes: ['sha256:aa', 'sha256:bb'], line: 2 },
    { text: 'toml', hashes: [], line: 6 },
  ])
})

test('includes are followed from the file that names them, constraints kept apart', async () => {
  const found = await read({
    'requirements.txt': '-r deps/base.txt\n--constraint=deps/held.txt\nsix\n',
    'deps/base.txt': '-r more.txt\nredis\n',
    'deps/more.txt': 'flask\n',
    'deps/held.txt': 'six==1.16.0\n',
  })
  expect(found.lines.map(({ text, file, line }) => [text, file, line])).toEqual([
    ['flask', 'deps/more.txt', 1],
    ['redis', 'deps/base.txt', 2],
    ['six', 'requirements.txt', 3],
  ])
  expect(found.constraints).toMatchObject([{ text: 'six==1.16.0', file: 'deps/held.txt' }])
})

test('settings are passed on, but not whether wheels or sources are taken', async () => {
  const { settings, lines } = await read({
    'requirements.txt':
      '--extra-index-url https://a.example/simple\n--no-binary :all:\n--pre\nsix\n',
  })
  expect(settings).toEqual(['--extra-index-url https://a.example/simple', '--pre'])
  expect(lines).toHaveLength(1)
})

test('each thing that ends a line for an installer ends it here', async () => {
  const { settings, lines } = await read({
    'requirements.txt': '--find-links dist\r--no-binary six\rsix\u2028toml\fredis\n',
  })
  expect(settings).toEqual(['--find-links dist'])
  expect(lines.map(({ text, line }) => [text, line])).toEqual([
    ['six', 3],
    ['toml', 4],
    ['redis', 5],
  ])
})

test('wheels, archives and folders of the source become addresses inside the sandbox', async () => {
  const { lines } = await read({
    'requirements.txt':
      './wheels/six-1.16.0-py2.py3-none-any.whl\nshop @ file:packages/shop ; python_version > "3"\n-e packages/shop[all]\nsrc/toml-0.10.2.tar.gz\n.\n-r deps/more.txt\n',
    'deps/more.txt': './redis-5.0.0-py3-none-any.whl\n',
    'deps/redis-5.0.0-py3-none-any.whl': '',
    'wheels/six-1.16.0-py2.py3-none-any.whl': 'abc',
    'packages/shop/pyproject.toml': '',
    'src/toml-0.10.2.tar.gz': '',
    'setup.py': '',
  })
  expect(lines.map(({ text, local }) => [text, local])).toEqual([
    [`six @ ${SOURCE}/wheels/six-1.16.0-py2.py3-none-any.whl`, 'wheel'],
    [`shop @ ${SOURCE}/packages/shop ; python_version > "3"`, 'source'],
    [`${SOURCE}/packages/shop`, 'source'],
    [`toml @ ${SOURCE}/src/toml-0.10.2.tar.gz`, 'source'],
    [`${SOURCE}/.`, 'source'],
    [`redis @ ${SOURCE}/deps/redis-5.0.0-py3-none-any.whl`, 'wheel'],
  ])
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  expect(lines[0]?.hashes).toEqual([`sha256:${abc}`])
})

test('what can not be followed is told with file and line', async () => {
  const one = (text: string) => refused({ 'requirements.txt': `six\n${text}\n` })
  expect(await one('six=1')).toBe('requirements.txt, line 2: "six=1" is no requirement')
  expect(await one('-r base.txt')).toMatch(/^requirements\.txt, line 2: it includes "base\.txt"/)
  expect(await one('-r ../base.txt')).toContain('the source has no ../base.txt')
  expect(await one('./wheels/six.whl')).toContain('line 2: the source has no "./wheels/six.whl"')
  expect(await one('git+https://a.example/shop.git')).toContain('version control server')
  expect(await one('shop @ git+ssh://a.example/shop.git')).toContain('version control server')
  expect(await one('-e git+https://a.example/shop.git#egg=shop')).toContain('version control')
  for (const kind of ['GIT', 'Hg', 'SVN', 'bZR']) {
    expect(await one(`shop@${kind}+https://a.example/shop`)).toContain('version control')
  }
  expect(await one('--no-bin six')).toContain('line 2: "--no-bin" is no setting')
  const round = { 'requirements.txt': '-r b.txt\n', 'b.txt': '\n-r requirements.txt\n' }
  expect(await refused(round)).toMatch(/^b\.txt, line 2: .*which includes it/)
})

test('what Windows writes, UTF-16 or GBK, is read', async () => {
  const utf16 = Buffer.from('\uFEFFsix==1.16.0\r\n', 'utf16le')
  expect((await read({ 'requirements.txt': utf16 })).lines).toMatchObject([{ text: 'six==1.16.0' }])
  // "# 依赖" in GBK.
  const gbk = Buffer.from([0x23, 0x20, 0xd2, 0xc0, 0xc0, 0xb5, 0x0a, 0x73, 0x69, 0x78])
  expect((await read({ 'requirements.txt': gbk })).lines).toMatchObject([{ text: 'six', line: 2 }])
})
