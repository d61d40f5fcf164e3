import { expect, test } from 'vitest'
import { treeOf } from '../../../../../test/harness/subject.ts'
import { readDeclared } from './manifest.ts'

const pyproject = (text: string) => readDeclared(treeOf({ 'pyproject.toml': text }))

test('a requirements file counts where a line asks for something', async () => {
  expect(await readDeclared(treeOf({ 'requirements.txt': '# 没有\n\n' }))).toBeUndefined()
  const asks = treeOf({ 'requirements.txt': '# 依赖\nrequests==2.32.3\n' })
  expect(await readDeclared(asks)).toEqual({ path: 'requirements.txt' })
  expect(await readDeclared(treeOf({ 'requirements.txt': '-r more.txt' }))).toBeDefined()
})

test('what Windows writes, UTF-16 or GBK, is rewritten for the tools', async () => {
  const text = 'six==1.16.0\r\n'
  const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le')
  expect(await readDeclared(treeOf({ 'requirements.txt': utf16 }))).toEqual({
    path: 'requirements.txt',
    rewritten: text,
  })
  // "依赖" in GBK.
  const gbk = Buffer.concat([Buffer.from('# '), Buffer.from([0xd2, 0xc0, 0xc0, 0xb5, 0x0a])])
  const declared = await readDeclared(
    treeOf({ 'requirements.txt': Buffer.concat([gbk, Buffer.from(text)]) }),
  )
  expect(declared?.rewritten).toBe(`# 依赖\n${text}`)
})

test('pyproject.toml: the list of [project], as a requirements file', async () => {
  const text = `[build-system]
requires = ["hatchling"]
[project]
name = "hello"
dependencies = [
  "requests[socks] >= 2, < 3", # 网络
  'redis; python_version < "3.12"',
  "six",
]
[project.optional-dependencies]
test = ["pytest"]
`
  expect(await pyproject(text)).toEqual({
    path: 'pyproject.toml',
    rewritten: 'requests[socks] >= 2, < 3\nredis; python_version < "3.12"\nsix\n',
  })
})

test('a pyproject.toml of tool settings or an empty list asks for nothing', async () => {
  expect(await pyproject('[tool.ruff]\nline-length = 100\n')).toBeUndefined()
  expect(await pyproject('[project]\nname = "a"\ndependencies = []\n')).toBeUndefined()
  expect(await pyproject('[tool.x]\ndependencies = ["six"]\n')).toBeUndefined()
})

test('requirements.txt comes before pyproject.toml', async () => {
  const tree = treeOf({
    'requirements.txt': 'six\n',
    'pyproject.toml': '[project]\ndependencies = ["requests"]\n',
  })
  expect(await readDeclared(tree)).toEqual({ path: 'requirements.txt' })
})

test.each([
  ['a list that does not end', { 'pyproject.toml': '[project]\ndependencies = ["six",\n' }],
  ['a list of other things', { 'pyproject.toml': '[project]\ndependencies = [1]\n' }],
  [
    "Poetry's table",
    { 'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.10"\nsix = "*"\n' },
  ],
  ['a Pipfile', { Pipfile: '[packages]\nsix = "*"\n' }],
])('%s is an error, not a package without its dependencies', async (_, files) => {
  await expect(readDeclared(treeOf(files))).rejects.toMatchObject({
    code: 'MANIFEST_INVALID',
    hint: expect.stringMatching(/requirements\.txt|dependencies = /),
  })
})

test("Poetry's table with Python alone asks for nothing", async () => {
  expect(await pyproject('[tool.poetry.dependencies]\npython = "^3.10"\n')).toBeUndefined()
})
