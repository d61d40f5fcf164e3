#!/usr/bin/env node
// The published command line: plain JavaScript by now, but for a Node.js as new as the workers'.
import module, { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runChild } from '../child.mjs'
import { isNewEnough, OLDEST } from '../node-binary.mjs'

const MAIN = new URL('../dist/main.mjs', import.meta.url)

try {
  // A cache that can not be written is none, says Node.js, and nothing else.
  const caches = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache')
  process.env.NODE_COMPILE_CACHE ??= path.join(caches, 'packline', 'compiled')
  if (isNewEnough(process.version)) {
    module.enableCompileCache(process.env.NODE_COMPILE_CACHE)
    await import(MAIN.href)
  } else {
    const argv = [fileURLToPath(MAIN), ...process.argv.slice(2)]
    process.exitCode = await runChild(findBrought(), argv, process.cwd())
  }
} catch (error) {
  process.stderr.write(`packline: ${error.message}\n`)
  process.exitCode = 1
}

/** The Node.js that npm put beside us as an optional dependency, where the machine's is older. */
function findBrought() {
  const { platform, arch, version } = process
  const name = `node-${platform}-${arch}`
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`)
    return path.join(path.dirname(manifest), 'bin', 'node')
  } catch (cause) {
    throw new Error(
      `needs Node.js ${OLDEST.join('.')} or newer, and the one here is ${version.slice(1)}: ` +
        `install one, or Packline with its optional dependencies (${name})`,
      { cause },
    )
  }
}
