import { expect, test } from 'vitest'
import { lockDigests } from './lock-digests.ts'

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string]
const ANY = ['py2-none-any', 'py3-none-any']
const LINUX = ['cp310-cp310-manylinux_2_17_x86_64', 'cp310-cp310-manylinux2014_x86_64']
const NATIVE = 'cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64'

/** The digests of `name` 1.0 by these files. */
async function digests(files: Record<string, string>, name: string, tags: string[] = ANY) {
  const digestsOf = await lockDigests(Object.keys(files), async (path) => files[path])
  return digestsOf({ name, version: '1.0', tags })
}

const UV = `version = 1

[[package]]
name = "pure"
version = "1.0"
sdist = { url = "https://files.example/pure-1.0.tar.gz", hash = "sha256:${a}", size = 3 }
wheels = [{ url = "https://files.example/pure-1.0-py2.py3-none-any.whl", hash = "sha256:${b}" }]

[[package]]
name = "native"
version = "1.0"
wheels = [
    { url = "https://files.example/native-1.0-cp311-cp311-${NATIVE.slice(12)}.whl", hash = "sha256:${a}" },
    { url = "https://files.example/native-1.0-${NATIVE}.whl", hash = "sha256:${c}" },
]
`
const POETRY = `[[package]]
name = "Pure"
version = "1.0"
files = [
    {file = "pure-1.0-py2.py3-none-any.whl", hash = "sha256:${b}"},
    {file = "pure-1.0.tar.gz", hash = "sha256:${a}"},
]

[[package]]
name = "older"
version = "1.0"

[metadata.files]
older = [{file = "older-1.0.tar.gz", hash = "sha256:${c}"}]
`

test('uv.lock and poetry.lock tell the wheel that has the tags of the installed one', async () => {
  expect(await digests({ 'uv.lock': UV }, 'Pure')).toEqual([b])
  expect(await digests({ 'uv.lock': UV }, 'native', LINUX)).toEqual([c])
  expect(await digests({ 'poetry.lock': POETRY }, 'pure')).toEqual([b])
  expect(await digests({ 'poetry.lock': POETRY }, 'older')).toEqual([c])
})

test('what was built here is no wheel of the lock file: it is of one of its archives', async () => {
  expect(await digests({ 'uv.lock': UV }, 'pure', ['cp310-cp310-linux_x86_64'])).toEqual([a, b])
  const alone = UV.replace(/^wheels = \[\{.*$/m, '')
  expect(await digests({ 'uv.lock': alone }, 'pure', ['py3-none-any'])).toEqual([a])
})

test('Pipfile.lock and requirements tell those of all archives', async () => {
  const hashes = (...all: string[]) => all.map((one) => `sha256:${one}`)
  const pipenv = (...all: string[]) =>
    JSON.stringify({ default: { pure: { version: '==1.0', hashes: hashes(...all) } } })
  expect(await digests({ 'Pipfile.lock': pipenv(a) }, 'pure')).toEqual([a])
  expect(await digests({ 'Pipfile.lock': pipenv(b, a) }, 'pure')).toEqual([a, b])
  const lines = (all: string[]) => hashes(...all).map((one) => `    --hash=${one}`)
  const pinned = (...all: string[]) => ['pure[x] == 1.0', ...lines(all)].join(' \\\n')
  expect(await digests({ 'requirements.txt': pinned(c) }, 'pure')).toEqual([c])
  expect(await digests({ 'requirements/main.txt': pinned(c) }, 'pure')).toEqual([c])
  expect(await digests({ 'requirements.txt': pinned(a, c) }, 'pure')).toEqual([a, c])
  const both = { 'requirements.txt': pinned(a, c), 'Pipfile.lock': pipenv(b, c) }
  expect(await digests(both, 'pure')).toEqual([c])
  expect(await digests({ 'lib/requirements.txt': pinned(c) }, 'pure')).toEqual([])
})

test('lock files that do not agree, another version, and what is no lock file say nothing', async () => {
  const other = `pure==1.0 --hash=sha256:${c}\n`
  expect(await digests({ 'uv.lock': UV, 'requirements.txt': other }, 'pure')).toEqual([])
  expect(await digests({ 'requirements.txt': other.replace('1.0', '1.1') }, 'pure')).toEqual([])
  const broken = { 'uv.lock': '[[', 'Pipfile.lock': '{', 'poetry.lock': 'package = 3' }
  expect(await digests(broken, 'pure')).toEqual([])
})
