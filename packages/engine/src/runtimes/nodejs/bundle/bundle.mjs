// Runs inside the sandbox, in the source's folder: makes one file of the code by esbuild. argv: its
// library, the file to begin with, where the bundle goes, where the note for collecting goes, the
// format, the target and whether the map is one "with sources". Mistakes are told as
// `path:line:column`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'

const [library, entry, outfile, note, format, target, map] = process.argv.slice(2)
const { build } = createRequire(import.meta.url)(library)
const root = process.cwd()
/** Packages that stay in node_modules: name -> folder. */
const kept = new Map()
/** Whether a package stays outside, by its folder. */
const known = new Map()

/** What CommonJS has and modules have not, for bundled code that is written in the older kind. */
const AS_COMMONJS = `import { createRequire as packlineRequire } from 'module'
import { fileURLToPath as packlinePath } from 'url'
import { dirname as packlineFolder } from 'path'
const require = packlineRequire(import.meta.url)
const __filename = packlinePath(import.meta.url)
const __dirname = packlineFolder(__filename)
`

await main()

async function main() {
  const result = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format,
    target,
    // The map is no part of the package: the bundle does not name it. The load check reads it.
    sourcemap: 'external',
    sourcesContent: map === 'with sources',
    charset: 'utf8',
    metafile: true,
    logLevel: 'silent',
    absWorkingDir: root,
    banner: format === 'esm' ? { js: AS_COMMONJS } : {},
    plugins: [{ name: 'packline', setup }],
  }).catch((error) => error)
  for (const one of result.errors ?? []) process.stderr.write(told(one, 'error'))
  for (const one of result.warnings ?? []) process.stdout.write(told(one, 'warning'))
  if (!result.metafile) {
    if (!result.errors) throw result
    process.exitCode = 1
    return
  }
  nameSources(`${outfile}.map`)
  const inputs = Object.keys(result.metafile.inputs).sort()
  const packages = [...kept].map(([name, folder]) => ({ name, folder })).sort(byName)
  const bundled = bundledFolders(result.metafile)
  writeFileSync(note, JSON.stringify({ format, inputs, packages, bundled }))
}

/** Of the packages of which code is in the bundle, and not only looked at. */
function bundledFolders({ outputs }) {
  const folders = Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => packageAt(join(root, path))?.folder)
  return [...new Set(folders)].filter((folder) => folder !== undefined).sort()
}

/** By their paths in the source, and not as they lie beside the bundle here. */
function nameSources(path) {
  const { sources, ...rest } = JSON.parse(readFileSync(path, 'utf8'))
  const inSource = (one) =>
    relative(root, resolve(dirname(path), one))
      .split(sep)
      .join('/')
  writeFileSync(path, JSON.stringify({ ...rest, sources: sources.map(inSource) }))
}

function byName(a, b) {
  return a.name < b.name ? -1 : 1
}

function told({ text, location }, level) {
  const at = location ? `${location.file}:${location.line}:${location.column + 1}: ` : ''
  return `${at}${level}: ${text}\n`
}

function setup({ onResolve, resolve }) {
  const asked = Symbol('asked')
  // A name, not a path: what a package manager puts into node_modules.
  onResolve({ filter: /^[^./#]/ }, async ({ path, kind, pluginData, ...rest }) => {
    if (kind === 'entry-point' || pluginData === asked || isAddress(path)) return undefined
    const { importer, resolveDir, with: attributes } = rest
    const options = { kind, importer, resolveDir, with: attributes, pluginData: asked }
    const found = await resolve(path, options)
    if (found.errors.length > 0) {
      return { path, external: true }
    }
    const place = found.external ? undefined : packageAt(found.path)
    if (place === undefined || !staysOutside(place.folder)) return found
    kept.set(place.name, place.folder)
    return { path, external: true }
  })
  // A native file of the project's own stays where it is.
  onResolve({ filter: /\.node$/ }, async ({ path, kind, pluginData, importer, resolveDir }) => {
    if (pluginData === asked) return undefined
    const found = await resolve(path, { kind, importer, resolveDir, pluginData: asked })
    if (found.errors.length > 0) return found
    const output = dirname(join(root, relative(dirname(note), outfile)))
    return { path: `./${relative(output, found.path).split(sep).join('/')}`, external: true }
  })
}

function isAddress(path) {
  return /^(?:node|data|https?|file):/.test(path)
}

/** The package that a file is of: the innermost node_modules and one or two names. */
function packageAt(path) {
  const inside = relative(root, path).split(sep)
  const at = inside.lastIndexOf('node_modules')
  if (at < 0) return undefined
  const length = inside[at + 1]?.startsWith('@') ? 2 : 1
  const name = inside.slice(at + 1, at + 1 + length).join('/')
  return { name, folder: inside.slice(0, at + 1 + length).join('/') }
}

/** Native code is found by its place on disk, its own or that of what it depends on. */
function staysOutside(folder) {
  const answer = known.get(folder) ?? (hasNative(folder) || dependsOnNative(folder))
  known.set(folder, answer)
  return answer
}

function hasNative(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (entry.isDirectory() ? hasNative(`${folder}/${entry.name}`) : isNative(entry.name)) {
      return true
    }
  }
  return false
}

function isNative(name) {
  return name.endsWith('.node') || name === 'binding.gyp'
}

/** sharp and others have a package for each platform, and choose one when they are loaded. */
function dependsOnNative(folder) {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, folder, 'package.json')))
  return Object.keys(optionalDependencies ?? {}).some((name) => {
    const place = placeOf(name, folder)
    return place !== undefined && hasNative(place)
  })
}

function placeOf(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name)
    try {
      readdirSync(join(root, place))
      return place
    } catch {
      // Not here: looked for further up.
    }
    if (folder === '.') return undefined
  }
}
