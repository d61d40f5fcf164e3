import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { expect, test } from 'vitest'
import { orderOf, subjectOf, type TestFile, zipOf } from '../../../test/harness/subject.ts'
import { componentOf } from './component.ts'
import { componentsOf, sbomOf } from './sbom.ts'

const HELLO = { runtime: 'nodejs', handler: 'index.handler' } as const
const PACKAGE = { sha256: 'a'.repeat(64) }

async function sbomFor(files: Record<string, TestFile>) {
  const order = await orderOf(HELLO)
  const components = await componentsOf(await subjectOf(order, files))
  return sbomOf(order.request, PACKAGE, components)
}

const npm = (name: string, more = {}) => JSON.stringify({ name, version: '1.2.3', ...more })
const FILES = {
  'index.js': '',
  'node_modules/ms/package.json': npm('ms', { license: 'MIT' }),
  'node_modules/@a/b/package.json': npm('@a/b', { license: '(MIT OR Apache-2.0)' }),
  'node_modules/c/node_modules/ms/package.json': npm('ms', { license: 'MIT' }),
  'six-1.16.0.dist-info/METADATA': 'Name: six\nVersion: 1.16.0\nLicense: Some licence\n\nText\n',
}

test('what is in a package stands in a valid CycloneDX 1.6 document', async () => {
  const text = await sbomFor(FILES)
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
  expect(await validator.validate(text)).toBeNull()
  const { specVersion, metadata, components } = JSON.parse(text)
  expect(specVersion).toBe('1.6')
  expect(metadata.component).toMatchObject({
    type: 'application',
    name: 'hello',
    hashes: [{ alg: 'SHA-256', content: PACKAGE.sha256 }],
  })
  expect(components.map(({ purl }: { purl: string }) => purl)).toEqual([
    'pkg:npm/%40a/b@1.2.3',
    'pkg:npm/ms@1.2.3',
    'pkg:pypi/six@1.16.0',
  ])
  expect(components.map(({ licenses }: { licenses: unknown }) => licenses)).toEqual([
    [expect.objectContaining({ expression: '(MIT OR Apache-2.0)' })],
    [{ license: expect.objectContaining({ id: 'MIT' }) }],
    [{ license: expect.objectContaining({ name: 'Some licence' }) }],
  ])
})

test('a validator that is strict refuses what is not CycloneDX', async () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
  expect(
    await validator.validate('{"bomFormat":"CycloneDX","specVersion":"1.6","x":1}'),
  ).not.toBeNull()
})

test('the same package has the same document, whatever the order of its entries', async () => {
  const turned = Object.fromEntries(Object.entries(FILES).reverse())
  expect(await sbomFor(turned)).toBe(await sbomFor(FILES))
  expect(await sbomFor(FILES)).not.toMatch(/timestamp|serialNumber/)
})

test('a package without libraries has a document too', async () => {
  const text = await sbomFor({ 'index.js': '' })
  expect(JSON.parse(text).components).toEqual([])
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
  expect(await validator.validate(text)).toBeNull()
})

test('a jar in a package of another runtime is found as well', async () => {
  const properties = 'groupId=org.example\nartifactId=lib\nversion=2.0\n'
  const jar = await zipOf({
    'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\r\n',
    'META-INF/maven/org.example/lib/pom.properties': properties,
  })
  const text = await sbomFor({ 'index.js': '', 'lib.jar': jar })
  expect(JSON.parse(text).components).toMatchObject([{ purl: 'pkg:maven/org.example/lib@2.0' }])
})

test('what was bundled stands beside what was left, and once where it is both', async () => {
  const subject = await subjectOf(await orderOf(HELLO), FILES)
  const bundled = ['left-pad', 'ms'].flatMap(
    (name) => componentOf({ type: 'npm', name, version: '1.2.3' }) ?? [],
  )
  const found = await componentsOf({ ...subject, package: { ...subject.package, bundled } })
  expect(found.map(({ purl }) => purl)).toEqual([
    'pkg:npm/%40a/b@1.2.3',
    'pkg:npm/left-pad@1.2.3',
    'pkg:npm/ms@1.2.3',
    'pkg:pypi/six@1.16.0',
  ])
})

test('what is no digest of a file stands as a property, in a valid document', async () => {
  const properties = { 'packline:go:sum': 'h1:abc=' }
  const module = { type: 'golang', group: 'github.com/x', name: 'y', version: 'v1.2.3' } as const
  const components = [componentOf({ ...module, properties })].filter((one) => one !== undefined)
  const text = sbomOf((await orderOf(HELLO)).request, PACKAGE, components)
  expect(JSON.parse(text).components).toMatchObject([
    {
      purl: 'pkg:golang/github.com/x/y@v1.2.3',
      properties: [{ name: 'packline:go:sum', value: 'h1:abc=' }],
    },
  ])
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
  expect(await validator.validate(text)).toBeNull()
})
