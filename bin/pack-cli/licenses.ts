import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//

/** The licenses of what others wrote and the bundle holds, package by package. */
export async function licenses(root: string, inputs: readonly string[]): Promise<string> {
  const folders = new Set(inputs.flatMap((input) => PACKAGE.exec(input)?.[1] ?? []))
  const texts = await Promise.all([...folders].toSorted().map((one) => license(root, one)))
  return `The command line holds code of others:\n\n${texts.join('\n')}`
}

async function license(root: string, place: string): Promise<string> {
  const folder = path.join(root, place)
  const {
    name,
    version,
    license: id,
  } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'))
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')))
  return [`${name} ${version} (${id ?? 'see below'})`, '', ...texts, ''].join('\n')
}
