import { expect, test } from 'vitest'
import { type TestFile, treeOf } from '../../../../../test/harness/subject.ts'
import { askingManifest, readDeclared } from './manifest.ts'
import { markerEnvironment } from './manifests/marker.ts'

type Files = Record<string, TestFile>

async function declared(files: Files, version = '3.10') {
  const found = await readDeclared(treeOf(files), markerEnvironment(version, 'x86_64'))
  return found && { path: found.path, locked: found.locked, lines: found.lines.map((l) => l.text) }
}
const refused = (files: Files, version?: string) =>
  declared(files, version).then(
    () => 'not refused',
    (error: Error) => error.message,
  )

test('a requirements file counts where a line asks for something', async () => {
  const asking = (text: string) => askingManifest(treeOf({ 'requirements.txt': text }))
  expect(await asking('# 没有\n\n')).toBeUndefined()
  expect(await asking('--extra-index-url https://a.example\n')).toBeUndefined()
  expect(await asking('six\n')).toBe('requirements.txt')
})

test('requirements.txt comes before pyproject.toml, and that before a Pipfile', async () => {
  const project = { 'pyproject.toml': '[project]\ndependencies = ["redis"]\n' }
  const pipfile = { Pipfile: '[packages]\ntoml = "*"\n' }
  const all = { 'requirements.txt': 'six\n', ...project, ...pipfile }
  expect(await declared(all)).toMatchObject({ path: 'requirements.txt', lines: ['six'] })
  expect(await declared({ ...project, ...pipfile })).toMatchObject({ lines: ['redis'] })
  expect(await declared(pipfile)).toEqual({ path: 'Pipfile', locked: false, lines: ['toml'] })
})

test('pyproject.toml: the list of [project] without groups and extras', async () => {
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
[dependency-groups]
dev = ["ruff"]
`
  expect(await declared({ 'pyproject.toml': text })).toEqual({
    path: 'pyproject.toml',
    locked: false,
    lines: ['requests[socks]>=2,<3', 'redis ; python_version < "3.12"', 'six'],
  })
})

test('pyproject.toml: an address of a version control system is told with its line', async () => {
  const text = '[project]\ndependencies = [\n  "shop @ Git+https://a.example/shop.git",\n]\n'
  expect(await refused({ 'pyproject.toml': text })).toMatch(
    /^pyproject\.toml, line 3: shop .*version/,
  )
})

test('a pyproject.toml of tool settings or an empty list asks for nothing', async () => {
  expect(await declared({ 'pyproject.toml': '[tool.ruff]\nline-length = 100\n' })).toBeUndefined()
  const empty = '[project]\nname = "a"\nrequires-python = ">=3.13"\ndependencies = []\n'
  expect(await declared({ 'pyproject.toml': empty })).toBeUndefined()
  const python = '[tool.poetry.dependencies]\npython = "^3.10"\n'
  expect(await declared({ 'pyproject.toml': python })).toBeUndefined()
})

test("Poetry's own table without a lock file becomes requirements", async () => {
  const text = `[tool.poetry.dependencies]
python = "^3.8"
requests = { version = "^2.31", extras = ["socks"] }
six = [{ version = "1.16.0", python = "<3.11" }, { version = "*", markers = "sys_platform == 'win32'" }]
`
  expect((await declared({ 'pyproject.toml': text }))?.lines).toEqual([
    'requests[socks]>=2.31,<3',
    'six==1.16.0 ; ((python_full_version < "3.11"))',
    "six ; (sys_platform == 'win32')",
  ])
})

test('what can not be read or followed is told with file and line', async () => {
  const project = (rest: string) => refused({ 'pyproject.toml': `[project]\nname = "a"\n${rest}` })
  expect(await project('dependencies = ["six",\n')).toMatch(/^pyproject\.toml, line \d/)
  expect(await project('dependencies = [1]\n')).toMatch(/^pyproject\.toml, line 3: "dependencies"/)
  expect(await project('dependencies = [\n  "six",\n  "redis=5",\n]\n')).toBe(
    'pyproject.toml, line 5: "redis=5" is no requirement',
  )
  expect(await project('requires-python = ">=3.11"\ndependencies = ["six"]\n')).toBe(
    'pyproject.toml: the project is for Python >=3.11; the function runs on 3.10',
  )
  const git = 'dependencies = ["shop"]\n[tool.uv.sources]\nshop = { git = "https://a.example" }\n'
  expect(await project(git)).toMatch(/^pyproject\.toml, line 3: shop .*version control server/)
  const poetry = '[tool.poetry.dependencies]\nsix = "^1.2 || ^3"\n'
  expect(await refused({ 'pyproject.toml': poetry })).toMatch(/^pyproject\.toml, line 2: six/)
  const path = '[packages]\nshop = {path = "./shop"}\n'
  expect(await refused({ Pipfile: path })).toMatch(/^Pipfile, line 2: shop comes from elsewhere/)
})
