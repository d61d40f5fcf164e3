import type { Component } from '../../component.ts'
import { textReader } from '../../text-of-entry.ts'
import type { Subject } from '../runtime.ts'
import { npmComponents } from './components/npm-components.ts'

const INSTALLED = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/

/** Every package below a node_modules; those inside a bundle are known where it is collected. */
export async function components({ package: { archive } }: Subject): Promise<Component[]> {
  const paths = archive.entries.map(({ path }) => path)
  return npmComponents(
    paths.filter((path) => INSTALLED.test(path)),
    textReader(archive),
  )
}
