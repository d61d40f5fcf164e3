#!/usr/bin/env node
// Plain JavaScript for the machine's own Node.js; the command line itself runs on the one npm
// brought.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runChild } from '../../../bin/child.mjs'
import { findNode } from '../../../bin/node-binary.mjs'

const FOLDER = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const ROOT = path.resolve(FOLDER, '../..')

try {
  const argv = [path.join(FOLDER, 'src/main.ts'), ...process.argv.slice(2)]
  process.exitCode = await runChild(findNode(ROOT), argv, process.cwd())
} catch (error) {
  process.stderr.write(`packline: ${error.message}\n`)
  process.exitCode = 1
}
