import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '..')
const read = (place: string) => readFileSync(path.join(ROOT, place), 'utf8')

type Names = Record<string, string>
interface Manifest {
  dependencies?: Names
  devDependencies?: Names
  optionalDependencies?: Names
}

/** Package and where it is named, such as `zod: engine`, by the table of docs/dependencies.md. */
function listed(): string[] {
  const rows = [...read('docs/dependencies.md').matchAll(/^\| (.+?) \| (.+?) \| .+ \|$/gm)].slice(1)
  return pairs(rows.map(([, names = '', places = '']) => [names.split(', '), places.split(', ')]))
}

/** The same by the package.json files; what only tests and checks need counts as one place. */
function declared(): string[] {
  const workspaces = ['packages/*', 'services/*', 'profiles']
  const places = globSync(
    workspaces.map((one) => `${one}/package.json`),
    { cwd: ROOT },
  )
  expect(places.length).toBeGreaterThan(8)
  const own = places.map((place): [string[], string[]] => {
    const { dependencies } = manifest(place)
    return [othersIn(dependencies), [path.basename(path.dirname(place))]]
  })
  const shipped = new Set(own.flatMap(([names]) => names))
  const tools = ['package.json', ...places]
    .flatMap((place) => othersIn(manifest(place).devDependencies))
    .filter((name) => !shipped.has(name))
    .map((name) => name.replace(/^@types\/.*/, '@types/*'))
  const nodes = Object.keys(manifest('package.json').optionalDependencies ?? {})
  return pairs([...own, [nodes, ['root']], [tools, ['development']]])
}

function manifest(place: string): Manifest {
  return JSON.parse(read(place)) as Manifest
}

function othersIn(names: Names = {}): string[] {
  return Object.keys(names).filter((name) => !name.startsWith('@packline/'))
}

function pairs(rows: [string[], string[]][]): string[] {
  const all = rows.flatMap(([names, places]) =>
    names.flatMap((name) => places.map((place) => `${name}: ${place}`)),
  )
  return [...new Set(all)].sort()
}

test('docs/dependencies.md says why each package is there, and names no other', () => {
  expect(listed()).toEqual(declared())
})
