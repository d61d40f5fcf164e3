#!/usr/bin/env node
// Plain JavaScript for the machine's own Node.js; the command line itself runs on the one npm
// brought.
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runChild } from '../../../bin/child.mjs'
import { isInstalled } from '../../../bin/install.mjs'
import { findNode } from '../../../bin/node-binary.mjs'

const FOLDER = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const ROOT = path.resolve(FOLDER, '../..')

try {
  if (!isInstalled(ROOT)) throw new Error(`its dependencies are missing: run "npm ci" in ${ROOT}`)
  const argv = [path.join(FOLDER, 'src/main.ts'), ...process.argv.slice(2)]
  // Types are stripped once, not at every start: that halves it. A cache that can not be written
  // is none, says Node.js, and nothing else.
  const caches = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache')
  process.env.NODE_COMPILE_CACHE ??= path.join(caches, 'packline', 'compiled')
  process.exitCode = await runChild(findNode(ROOT), argv, process.cwd())
} catch (error) {
  process.stderr.write(`packline: ${error.message}\n`)
  process.exitCode = 1
}
