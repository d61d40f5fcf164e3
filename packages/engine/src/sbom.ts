import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import type { BuildRequest, StoredPackage } from '@packline/shared'
import parseExpression from 'spdx-expression-parse'
import type { Component } from './component.ts'
import { RUNTIMES } from './runtimes/registry.ts'
import type { Subject } from './runtimes/runtime.ts'

/** Fifty times what large functions have; more would be a document that nobody can open. */
const COMPONENTS_MAX = 20_000

/**
 * What lies in a package, of whatever language: a custom runtime may hold Go, or a jar. Sorted,
 * and each package URL once, so that equal packages have equal lists.
 */
export async function componentsOf(subject: Subject): Promise<Component[]> {
  const lists: (readonly Component[])[] = []
  for (const runtime of Object.values(RUNTIMES)) lists.push(await runtime.components(subject))
  lists.push(subject.package.bundled ?? [])
  const byPurl = new Map<string, Component>()
  for (const component of lists.flat()) {
    if (byPurl.size < COMPONENTS_MAX) byPurl.set(component.purl, component)
  }
  return [...byPurl.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1))
}

const licenses = new Contrib.License.Factories.LicenseFactory(parseExpression)
const serializer = new Serialize.JsonSerializer(
  new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6),
)

/**
 * The software bill of materials of a stored package, CycloneDX 1.6 in JSON. It has neither time
 * nor serial number: the same package has the same one.
 */
export function sbomOf(
  { function: name }: Pick<BuildRequest, 'function'>,
  { sha256 }: Pick<StoredPackage, 'sha256'>,
  components: readonly Component[],
): string {
  const root = new Models.Component(Enums.ComponentType.Application, name, {
    bomRef: `function:${name}`,
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], sha256]]),
  })
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: root }),
    components: new Models.ComponentRepository(components.map(modelOf)),
  })
  return serializer.serialize(bom, { sortLists: true })
}

function modelOf(component: Component) {
  const { purl, name, group, version, licenses: texts, hashes = [], properties = {} } = component
  return new Models.Component(Enums.ComponentType.Library, name, {
    bomRef: purl,
    purl,
    group,
    version,
    licenses: new Models.LicenseRepository(licensesOf(texts)),
    hashes: new Models.HashDictionary(
      hashes.map(({ algorithm, content }) => [Enums.HashAlgorithm[algorithm], content]),
    ),
    properties: new Models.PropertyRepository(
      Object.entries(properties).map(([key, value]) => new Models.Property(key, value)),
    ),
  })
}

/** The standard allows one expression, or any number of single licenses. */
function licensesOf(texts: readonly string[]): Models.License[] {
  const made = texts
    .filter((text) => text.trim() !== '')
    .map((text) => licenses.makeFromString(text))
  const expression = made.find((one) => one instanceof Models.LicenseExpression)
  return expression ? [expression] : made
}
