import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunTool } from '../process/command.ts'
import { onPath } from '../process/on-path.ts'
import { goAsks } from './asks.ts'
import { bindsOf, probe, programAt, textIn } from './probe.ts'
import type { Tool } from './tool.ts'

export interface NativeTools {
  go?: Tool
  cc?: Tool
  crossCc?: Tool
  make?: Tool
  git?: Tool
  sh: Tool
}

/** Go, compilers of C for both architectures, make, git and the shell. */
export async function findNative(
  run: RunTool,
  { path, home }: { path: string; home: string },
): Promise<NativeTools> {
  const [go, cc, crossCc, make, git] = await Promise.all([
    findGo(run, path, home),
    findCompiler(run, path),
    byVersion(run, CROSS_COMPILER, path, GCC_VERSION),
    byVersion(run, 'make', path, /^GNU Make (\d\S*)/),
    byVersion(run, 'git', path, /^git version (\d\S*)/),
  ])
  // POSIX promises /bin/sh and no version of it.
  return {
    go,
    cc,
    crossCc,
    make,
    git,
    sh: { name: 'sh', version: 'POSIX', path: '/bin/sh', binds: [] },
  }
}

/** Go's folder says its version; `go version` would read a go.mod first and may load another Go. */
async function findGo(run: RunTool, path: string, home: string): Promise<Tool | undefined> {
  const candidates = [await onPath('go', path), '/usr/local/go/bin/go', join(home, 'go/bin/go')]
  for (const candidate of candidates) {
    const file = candidate && (await programAt(candidate))
    if (!file) continue
    const root = join(file, '../..')
    const version = await textIn(join(root, 'VERSION'), /^go(\d\S*)/)
    if (!version) continue
    const asks = await goAsks(run, file)
    return { name: 'Go', version, path: file, binds: bindsOf(root), asks }
  }
  return undefined
}

/** By its name in Debian and Fedora. */
const CROSS_COMPILER = `${process.arch === 'arm64' ? 'x86_64' : 'aarch64'}-linux-gnu-gcc`
const GCC_VERSION = /(\d+\.\d+\.\d+)/

/** Compilers find their parts by the name they are started under: the link is kept. */
async function findCompiler(run: RunTool, path: string): Promise<Tool | undefined> {
  for (const name of ['gcc', 'cc', 'clang']) {
    const found = await byVersion(run, name, path, GCC_VERSION)
    if (found) return found
  }
  return undefined
}

async function byVersion(
  run: RunTool,
  name: string,
  path: string,
  pattern: RegExp,
): Promise<Tool | undefined> {
  const file = await onPath(name, path)
  if (!file) return undefined
  const version = pattern.exec((await probe(run, [file, '--version'])) ?? '')?.[1]
  if (!version) return undefined
  // Only a compiler or git of the system works inside without more of its folders.
  const binds = bindsOf(await realpath(file))
  return { name, version, path: file, binds }
}
