import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { moduleAnswers } from './module-proxy.ts'
import { zipOf } from './subject.ts'

/** What a registry answers: path -> content. */
export type Answers = Map<string, string | Buffer>

/** Maven's name for the package; nothing else is of this group. */
export const MAVEN_GROUP = 'example.packline.only.here'

/**
 * The package `only-here` 1.0.0 as each tool fetches it, below /npm, /pypi, /maven and /go. The npm
 * document names its tarball by the address of the registry.
 */
export async function registryAnswers(url: string): Promise<Answers> {
  const modules = await moduleAnswers({
    'example.com/only-here@v1.0.0': {
      'go.mod': 'module example.com/only-here\n\ngo 1.18\n',
      'here.go': 'package here\n\nconst Word = "only here"\n',
    },
  })
  return new Map([
    ...npmAnswers(url, 'only-here'),
    ...npmAnswers(url, '@corp/only-here'),
    ...(await pythonAnswers()),
    ...(await mavenAnswers()),
    ...[...modules].map(([path, body]) => [`/go${path}`, body] as const),
  ])
}

function npmAnswers(url: string, name: string): Answers {
  const manifest = { name, version: '1.0.0', main: 'index.js' }
  const tarball = tarOf({
    'package/package.json': JSON.stringify(manifest),
    'package/index.js': "module.exports = 'only here'\n",
  })
  const file = `/npm/${name}/-/only-here-1.0.0.tgz`
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
  const dist = { tarball: `${url}${file}`, integrity }
  const versions = { '1.0.0': { ...manifest, dist } }
  // Yarn takes nothing that may have come today.
  const time = { '1.0.0': '2020-01-01T00:00:00.000Z' }
  const document = JSON.stringify({ name, 'dist-tags': { latest: '1.0.0' }, versions, time })
  return new Map<string, string | Buffer>([
    [`/npm/${name.replace('/', '%2f')}`, document],
    [`/npm/${name.replace('/', '%2F')}`, document],
    [file, tarball],
  ])
}

async function pythonAnswers(): Promise<Answers> {
  const name = 'only_here-1.0.0-py3-none-any.whl'
  const folder = 'only_here-1.0.0.dist-info'
  const wheel = await zipOf({
    'only_here.py': "WORD = 'only here'\n",
    [`${folder}/METADATA`]: 'Metadata-Version: 2.1\nName: only-here\nVersion: 1.0.0\n',
    [`${folder}/WHEEL`]: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${folder}/RECORD`]: `only_here.py,,\n${folder}/METADATA,,\n${folder}/WHEEL,,\n${folder}/RECORD,,\n`,
  })
  const sum = createHash('sha256').update(wheel).digest('hex')
  const page = `<!DOCTYPE html><a href="../../files/${name}#sha256=${sum}">${name}</a>`
  return new Map<string, string | Buffer>([
    ['/pypi/simple/only-here/', page],
    [`/pypi/files/${name}`, wheel],
  ])
}

async function mavenAnswers(): Promise<Answers> {
  const base = `/maven/${MAVEN_GROUP.replaceAll('.', '/')}/only-here/1.0.0/only-here-1.0.0`
  const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>${MAVEN_GROUP}</groupId><artifactId>only-here</artifactId><version>1.0.0</version></project>`
  const jar = await zipOf({ 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\n', 'here.txt': 'here' })
  const sum = (content: string | Buffer) => createHash('sha1').update(content).digest('hex')
  return new Map<string, string | Buffer>([
    [`${base}.pom`, pom],
    [`${base}.pom.sha1`, sum(pom)],
    [`${base}.jar`, jar],
    [`${base}.jar.sha1`, sum(jar)],
  ])
}

function tarOf(files: Record<string, string>): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'packline-tar-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const tarball = execFileSync('tar', ['-czf', '-', ...Object.keys(files)], { cwd: folder })
  rmSync(folder, { recursive: true })
  return tarball
}
