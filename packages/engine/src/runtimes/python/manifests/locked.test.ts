import { expect, test } from 'vitest'
import { treeOf } from '../../../../../../test/harness/subject.ts'
import { readDeclared } from '../manifest.ts'
import { markerEnvironment } from './marker.ts'

const PROJECT = `[project]
name = "hello"
requires-python = ">=3.9"
dependencies = [
  "requests[socks]>=2,<3",
  "tomli ; python_version < '3.11'",
  "winsome ; sys_platform == 'win32'",
]
`
const UV = `version = 1
requires-python = ">=3.9"

[[package]]
name = "certifi"
version = "2024.1.1"
source = { registry = "https://a.example/simple" }
sdist = { url = "https://a.example/certifi.tar.gz", hash = "sha256:c1" }
wheels = [{ url = "https://a.example/certifi.whl", hash = "sha256:c2" }]

[[package]]
name = "hello"
version = "0.1.0"
source = { virtual = "." }

[[package]]
name = "idna"
version = "2.10"
resolution-markers = ["python_full_version < '3.10'"]
source = { registry = "https://a.example/simple" }
wheels = [{ hash = "sha256:i1" }]

[[package]]
name = "idna"
version = "3.7"
resolution-markers = ["python_full_version >= '3.10'"]
source = { registry = "https://a.example/simple" }
wheels = [{ hash = "sha256:i2" }]

[[package]]
name = "pysocks"
version = "1.7.1"
source = { path = "wheels/PySocks-1.7.1-py3-none-any.whl" }

[[package]]
name = "requests"
version = "2.32.3"
source = { registry = "https://a.example/simple" }
dependencies = [
  { name = "certifi" },
  { name = "idna", version = "2.10", marker = "python_full_version < '3.10'" },
  { name = "idna", version = "3.7", marker = "python_full_version >= '3.10'" },
]
wheels = [{ hash = "sha256:r1" }]

[package.optional-dependencies]
socks = [{ name = "pysocks" }]

[[package]]
name = "tomli"
version = "2.0.1"
source = { registry = "https://a.example/simple" }
wheels = [{ hash = "sha256:t1" }]

[[package]]
name = "unasked"
version = "1.0"
source = { git = "https://a.example/unasked?rev=1" }
`
const WHEEL = 'wheels/PySocks-1.7.1-py3-none-any.whl'

function locked(files: Record<string, string>, version = '3.10') {
  return readDeclared(treeOf(files), markerEnvironment(version, 'x86_64'))
}
const texts = async (files: Record<string, string>, version?: string) =>
  (await locked(files, version))?.lines.map(({ text }) => text)
const refused = (files: Record<string, string>, version?: string) =>
  locked(files, version).then(
    () => 'not refused',
    (error: Error) => error.message,
  )

test('uv.lock: what is reached from the project, for the Python that is asked for', async () => {
  const files = { 'pyproject.toml': PROJECT, 'uv.lock': UV, [WHEEL]: '' }
  const found = await locked(files)
  expect(found).toMatchObject({ path: 'uv.lock', locked: true })
  expect(found?.lines.map(({ text, hashes }) => [text, hashes])).toEqual([
    ['certifi==2024.1.1', ['sha256:c1', 'sha256:c2']],
    ['idna==3.7', ['sha256:i2']],
    [`pysocks @ file://\${PACKLINE_SOURCE}/${WHEEL}`, [expect.stringMatching(/^sha256:/)]],
    ['requests==2.32.3', ['sha256:r1']],
    ['tomli==2.0.1', ['sha256:t1']],
  ])
  expect(await texts(files, '3.9')).toContain('idna==2.10')
  expect(await texts(files, '3.12')).not.toContain('tomli==2.0.1')
})

test('a lock file that does not fit its manifest or the function is refused', async () => {
  const asks = (line: string) => PROJECT.replace('"requests[socks]>=2,<3"', line)
  const files = { 'uv.lock': UV, [WHEEL]: '' }
  expect(await refused({ ...files, 'pyproject.toml': asks('"requests>=3"') })).toBe(
    'pyproject.toml, line 5: it asks for requests>=3, and uv.lock has 2.32.3',
  )
  expect(await refused({ ...files, 'pyproject.toml': asks('"flask"') })).toBe(
    'pyproject.toml, line 5: it asks for flask, and uv.lock has no such package',
  )
  expect(await refused({ ...files, 'pyproject.toml': asks('"unasked"') })).toMatch(
    /^uv\.lock, line 55: unasked .*version control server/,
  )
  const other = UV.replace('requires-python = ">=3.9"', 'requires-python = ">=3.11"')
  expect(await refused({ 'pyproject.toml': PROJECT, 'uv.lock': other })).toBe(
    'uv.lock: it is for Python >=3.11; the function runs on 3.10',
  )
  const next = { 'pyproject.toml': PROJECT, 'uv.lock': UV.replace('version = 1', 'version = 2') }
  expect(await refused(next)).toContain('format version 2; expected 1')
  expect(await refused({ 'pyproject.toml': PROJECT, 'uv.lock': 'a = [' })).toMatch(
    /^uv\.lock, line 1/,
  )
})

const POETRY = `[[package]]
name = "requests"
version = "2.31.0"
optional = false
python-versions = ">=3.7"
files = [{file = "requests.whl", hash = "sha256:r1"}]

[package.dependencies]
certifi = ">=2017.4.17"
PySocks = {version = ">=1.5.6,!=1.5.7", optional = true, markers = "extra == \\"socks\\""}
typing-extensions = {version = ">=4", markers = "python_version < \\"3.10\\""}

[package.extras]
socks = ["PySocks (>=1.5.6,!=1.5.7)"]

[[package]]
name = "certifi"
version = "2024.1.1"
files = []

[[package]]
name = "pysocks"
version = "1.7.1"
files = [{file = "PySocks.whl", hash = "sha256:p1"}]

[[package]]
name = "typing-extensions"
version = "4.12.0"
files = [{file = "t.whl", hash = "sha256:t1"}]

[metadata]
lock-version = "2.0"
python-versions = "^3.9"

[metadata.files]
certifi = [{file = "certifi.whl", hash = "sha256:c1"}]
`
const OWN = `[tool.poetry.dependencies]
python = "^3.9"
requests = { version = "^2.28", extras = ["socks"] }
`

test('poetry.lock: extras, markers and constraints as Poetry writes them', async () => {
  const files = { 'pyproject.toml': OWN, 'poetry.lock': POETRY.replace('files = []\n', '') }
  expect((await locked(files))?.lines.map(({ text, hashes }) => [text, hashes])).toEqual([
    ['certifi==2024.1.1', ['sha256:c1']],
    ['pysocks==1.7.1', ['sha256:p1']],
    ['requests==2.31.0', ['sha256:r1']],
  ])
  expect(await texts(files, '3.9')).toContain('typing-extensions==4.12.0')
  const bare = { ...files, 'pyproject.toml': OWN.replace(', extras = ["socks"]', '') }
  expect(await texts(bare)).not.toContain('pysocks==1.7.1')
  const newer = { ...files, 'pyproject.toml': OWN.replace('^2.28', '^2.32') }
  expect(await refused(newer)).toBe(
    'pyproject.toml, line 3: it asks for requests>=2.32,<3, and poetry.lock has 2.31.0',
  )
  expect(await refused(files, '2.7')).toContain('the function runs on 2.7')
})

const PIPFILE =
  '[packages]\nrequests = "*"\nsix = {version = "==1.16.0", markers = "os_name == \'nt\'"}\n'
const PIPFILE_LOCK = (more: object = {}, meta: object = {}) =>
  JSON.stringify(
    {
      _meta: { requires: {}, ...meta },
      default: {
        requests: {
          hashes: ['sha256:r1'],
          version: '==2.31.0',
          markers: "python_version >= '3.7'",
        },
        six: { hashes: ['sha256:s1'], version: '==1.16.0', markers: "os_name == 'nt'" },
        ...more,
      },
      develop: { toml: { version: '==0.10.2' } },
    },
    null,
    4,
  )

test('Pipfile.lock: "default" by its markers', async () => {
  const files = { Pipfile: PIPFILE, 'Pipfile.lock': PIPFILE_LOCK() }
  const found = await locked(files)
  expect(found).toMatchObject({ path: 'Pipfile.lock', locked: true })
  expect(found?.lines).toMatchObject([{ text: 'requests==2.31.0', hashes: ['sha256:r1'], line: 6 }])
  expect(await refused({ ...files, 'Pipfile.lock': '{' })).toContain('it is no JSON object')
  const newer = { ...files, Pipfile: PIPFILE.replace('"*"', '">=3"') }
  expect(await refused(newer)).toBe(
    'Pipfile, line 2: it asks for requests>=3, and Pipfile.lock has 2.31.0',
  )
  const more = { ...files, Pipfile: `${PIPFILE}flask = "*"\n` }
  expect(await refused(more)).toBe(
    'Pipfile, line 4: it asks for flask, and Pipfile.lock has no such package',
  )
  const meta = { requires: { python_version: '3.11' } }
  expect(await refused({ ...files, 'Pipfile.lock': PIPFILE_LOCK({}, meta) })).toBe(
    'Pipfile.lock: it was made for Python 3.11; the function runs on 3.10',
  )
  const git = { shop: { git: 'https://a.example/shop.git', ref: 'main' } }
  expect(await refused({ ...files, 'Pipfile.lock': PIPFILE_LOCK(git) })).toMatch(
    /^Pipfile\.lock, line \d+: shop .*version control server/,
  )
})
