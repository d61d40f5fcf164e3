import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunTool } from '../process/command.ts'
import { allOnPath, isExecutable, onPath } from '../process/on-path.ts'
import { pipAsks } from './asks.ts'
import { bindsOf, newestFirst, probe, programAt } from './probe.ts'
import type { Python, Tool } from './tool.ts'

export interface PythonTools {
  pythons: Python[]
  uv?: Tool
  zig?: Tool
}

/** Newest minor release of Python 3 that is looked for by name. */
const MINOR_MAX = 20

/** Runs under 2.7 too: says what it is, without importing what it is asked for. */
const QUESTION = `
import json, os, sys
try:
    from importlib.util import find_spec
except ImportError:
    import imp
    def find_spec(name):
        try:
            return imp.find_module(name)
        except ImportError:
            return None
def has(name):
    return find_spec(name) is not None
def folder_of(name):
    found = find_spec(name)
    return os.path.dirname(getattr(found, "origin", None) or (found[1] + "/" if found else ""))
zig = folder_of("ziglang")
print(json.dumps({
    "version": "%d.%d.%d" % sys.version_info[:3],
    "prefix": os.path.realpath(getattr(sys, "base_prefix", sys.prefix)),
    "pip": folder_of("pip"),
    "hasVenv": has("venv") and has("ensurepip"),
    "zig": os.path.join(zig, "zig") if zig else "",
}))
`

interface Answer {
  version: string
  prefix: string
  /** Its folder. */
  pip: string
  hasVenv: boolean
  zig: string
}

/** The interpreters on PATH, under pyenv and uv; and what comes as Python packages: uv and zig. */
export async function findPythons(
  run: RunTool,
  { path, home }: { path: string; home: string },
): Promise<PythonTools> {
  const minors = Array.from({ length: MINOR_MAX }, (_, minor) => `python3.${minor}`)
  const names = ['python3', 'python', 'python2', 'python2.7', ...minors]
  const candidates = [
    ...(await allOnPath(names, path)),
    ...(await versionFolders(path, home)).flatMap((folder) => [
      join(folder, 'bin/python3'),
      join(folder, 'bin/python2'),
    ]),
  ]
  // A shim is a script that looks for the interpreter anew at every start: not one itself.
  const files = new Set((await Promise.all(candidates.map(programAt))).filter(isFound))
  const answers = await Promise.all([...files].map(async (file) => ask(run, file)))
  const found = answers.filter(isFound)
  const pythons = found.map(({ python }) => python)
  pythons.sort((a, b) => newestFirst(a, b) || Number(b.hasPip) - Number(a.hasPip))
  return {
    pythons,
    uv: await findUv(run, path, home, pythons),
    zig: await findZig(run, path, found),
  }
}

/** pyenv's versions stand beside its shims, wherever PATH says these are. */
async function versionFolders(path: string, home: string): Promise<string[]> {
  const shims = path.split(':').filter((folder) => folder.endsWith('/shims'))
  const roots = [
    ...shims.map((folder) => join(folder, '../versions')),
    join(home, '.pyenv/versions'),
    join(home, '.local/share/uv/python'),
  ]
  const lists = await Promise.all(
    [...new Set(roots)].map(async (root) => {
      const names = await readdir(root).catch(() => [])
      return names.map((name) => join(root, name))
    }),
  )
  return lists.flat()
}

async function ask(run: RunTool, file: string) {
  const text = await probe(run, [file, '-E', '-s', '-c', QUESTION])
  const line = text?.split('\n').find((part) => part.startsWith('{'))
  if (line === undefined) return undefined
  const { version, prefix, pip, hasVenv, zig }: Answer = JSON.parse(line)
  const python: Python = {
    name: 'Python',
    version,
    path: file,
    binds: bindsOf(prefix),
    hasPip: pip !== '',
    hasVenv,
    asks: pip === '' ? [] : await pipAsks(pip),
  }
  return { python, zig }
}

async function findUv(
  run: RunTool,
  path: string,
  home: string,
  pythons: readonly Python[],
): Promise<Tool | undefined> {
  const candidates = [
    await onPath('uv', path),
    join(home, '.local/bin/uv'),
    join(home, '.cargo/bin/uv'),
    ...pythons.map((python) => join(python.path, '../uv')),
  ]
  for (const candidate of candidates.filter(isFound)) {
    const file = await programAt(candidate)
    const text = file && (await probe(run, [file, '--version']))
    const version = /^uv (\d\S*)/.exec(text ?? '')?.[1]
    if (file && version) return { name: 'uv', version, path: file, binds: bindsOf(file) }
  }
  return undefined
}

/** zig brings its C library and headers in the folder where its program lies. */
async function findZig(
  run: RunTool,
  path: string,
  answers: readonly { zig: string }[],
): Promise<Tool | undefined> {
  const candidates = [await onPath('zig', path), ...answers.map(({ zig }) => zig)]
  for (const candidate of candidates.filter(isFound)) {
    if (candidate === '' || !(await isExecutable(candidate))) continue
    const file = (await programAt(candidate)) ?? ''
    const version = /^(\d+\.\d\S*)/.exec((await probe(run, [file, 'version'])) ?? '')?.[1]
    if (version) return { name: 'zig', version, path: file, binds: bindsOf(join(file, '..')) }
  }
  return undefined
}

function isFound<T>(value: T | undefined): value is T {
  return value !== undefined
}
