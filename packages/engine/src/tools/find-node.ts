import { readdir, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RunTool } from '../process/command.ts'
import { allOnPath, onPath } from '../process/on-path.ts'
import { npmAsks } from './asks.ts'
import { bindsOf, newestFirst, probe, programAt, textIn } from './probe.ts'
import type { Tool } from './tool.ts'

export interface NodeTools {
  node: Tool
  nodes: Tool[]
  npm?: Tool
}

/** Our own Node.js, those on PATH and under nvm, and the npm that belongs to the machine's. */
export async function findNode(
  run: RunTool,
  { path, home }: { path: string; home: string },
): Promise<NodeTools> {
  const own = await realpath(process.execPath)
  const node = nodeAt(own, process.versions.node)
  const versions = join(home, '.nvm/versions/node')
  const names = await readdir(versions).catch(() => [])
  const candidates = [
    ...(await allOnPath(['node', 'nodejs'], path)),
    ...names.map((name) => join(versions, name, 'bin/node')),
  ]
  const files = new Set(await Promise.all(candidates.map(programAt)))
  files.delete(own)
  const others = await Promise.all([...files].map((file) => file && inspect(run, file)))
  const nodes = [node, ...others.filter((found) => found !== undefined && found !== '')]
  return { node, nodes: nodes.sort(newestFirst), npm: await findNpm(path) }
}

async function inspect(run: RunTool, file: string): Promise<Tool | undefined> {
  const version = /^v(\d+\.\d+\.\d+)/.exec((await probe(run, [file, '--version'])) ?? '')?.[1]
  return version === undefined ? undefined : nodeAt(file, version)
}

function nodeAt(file: string, version: string): Tool {
  return { name: 'Node.js', version, path: file, binds: bindsOf(file) }
}

/** npm on PATH is a link to its script; a wrapper leads nowhere, then it lies beside Node.js. */
async function findNpm(path: string): Promise<Tool | undefined> {
  const scripts: string[] = []
  const npm = await onPath('npm', path)
  if (npm) scripts.push(await realpath(npm))
  const node = await onPath('node', path)
  if (node) {
    const prefix = join(dirname(await realpath(node)), '..')
    scripts.push(join(prefix, 'lib/node_modules/npm/bin/npm-cli.js'))
  }
  for (const script of scripts) {
    if (!script.endsWith('npm-cli.js')) continue
    const folder = join(script, '../..')
    const version = await textIn(join(folder, 'package.json'), /"version":\s*"([^"]+)"/)
    if (!version) continue
    const asks = await npmAsks(folder)
    return { name: 'npm', version, path: script, binds: bindsOf(folder), asks }
  }
  return undefined
}
