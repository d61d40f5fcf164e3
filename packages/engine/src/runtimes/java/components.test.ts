import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { orderOf, subjectOf, type TestFile, zipOf } from '../../../../../test/harness/subject.ts'
import { components } from './components.ts'

async function found(files: Record<string, TestFile>) {
  const order = await orderOf({ runtime: 'java', handler: 'com.example.Hello.handle' })
  return components(await subjectOf(order, files))
}

const MANIFEST = 'META-INF/MANIFEST.MF'
const pom = (name: string) => `META-INF/maven/org.example/${name}/pom`
const properties = (name: string) =>
  `#Created\ngroupId=org.example\nartifactId=${name}\nversion=1.0\n`

test('a jar of Maven is told by its pom, with license and digests', async () => {
  const jar = await zipOf({
    [MANIFEST]: 'Manifest-Version: 1.0\r\n',
    [`${pom('lib')}.properties`]: properties('lib'),
    [`${pom('lib')}.xml`]:
      '<project><licenses><license>\n<name> Apache-2.0 </name></license></licenses></project>',
  })
  const sha1 = createHash('sha1').update(jar).digest('hex')
  const sha256 = createHash('sha256').update(jar).digest('hex')
  expect(await found({ 'lib-1.0.jar': jar })).toMatchObject([
    {
      purl: 'pkg:maven/org.example/lib@1.0',
      licenses: ['Apache-2.0'],
      hashes: [
        { algorithm: 'SHA-1', content: sha1 },
        { algorithm: 'SHA-256', content: sha256 },
      ],
    },
  ])
})

test('all that were shaded into one are told, without a digest that is none of theirs', async () => {
  const jar = await zipOf({
    [MANIFEST]: '',
    [`${pom('a')}.properties`]: properties('a'),
    [`${pom('b')}.properties`]: properties('b'),
  })
  const shaded = await found({ 'all.jar': jar })
  expect(shaded.map(({ purl, hashes }) => [purl, hashes])).toEqual([
    ['pkg:maven/org.example/a@1.0', undefined],
    ['pkg:maven/org.example/b@1.0', undefined],
  ])
})

test('without a pom the file name tells, then the manifest', async () => {
  const manifest = [
    'Manifest-Version: 1.0',
    'Bundle-SymbolicName: org.example.a-very-long-name-that-is-cut-into-two-li',
    ' nes;singleton:=true',
    'Bundle-Version: 3.1',
    'Bundle-License: MIT;link=x',
  ].join('\r\n')
  const jar = await zipOf({ [MANIFEST]: manifest })
  const told = async (name: string) =>
    (await found({ [name]: jar })).map(({ purl, licenses }) => [purl, licenses])
  expect(await told('guava-33.0-jre.jar')).toEqual([['pkg:generic/guava@33.0-jre', ['MIT']]])
  expect(await told('lib.jar')).toEqual([
    ['pkg:generic/org.example.a-very-long-name-that-is-cut-into-two-lines@3.1', ['MIT']],
  ])
})

test("a Spring Boot jar's own libraries are told; what is no jar is passed over", async () => {
  const lib = await zipOf({ [MANIFEST]: '', [`${pom('lib')}.properties`]: properties('lib') })
  const boot = await zipOf({
    [MANIFEST]: '',
    [`${pom('app')}.properties`]: properties('app'),
    'BOOT-INF/lib/lib-1.0.jar': lib,
  })
  const purls = (await found({ 'app.jar': boot, 'broken.jar': 'no jar' })).map(({ purl }) => purl)
  expect(purls).toEqual(['pkg:maven/org.example/app@1.0', 'pkg:maven/org.example/lib@1.0'])
})
