#!/usr/bin/env node
// The door of every command. Plain JavaScript for Node.js 20 and no dependencies, because it runs
// before anything is installed; all else is TypeScript, run by the Node.js 24 that npm brings.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runChild } from './child.mjs'
import { ensureInstalled } from './install.mjs'
import { findNode } from './node-binary.mjs'

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

const ENTRIES = {
  start: 'services/start/src/main.ts',
  test: 'test/harness/main.ts',
  check: 'test/harness/check/main.ts',
  bench: 'bench/main.ts',
  'pack-cli': 'bin/pack-cli/main.ts',
}

const USAGE =
  'usage: node bin/launch.mjs start|test|check|bench|pack-cli|run <file.ts> [arguments]\n'

process.exitCode = await launch(process.argv.slice(2))

async function launch([command, ...args]) {
  const target = findTarget(command, args)
  if (!target) {
    process.stderr.write(USAGE)
    return 2
  }
  try {
    const started = performance.now()
    await ensureInstalled(ROOT, say)
    // For the phase times that `test` prints.
    process.env.PACKLINE_INSTALL_MS = String(Math.round(performance.now() - started))
    const node = findNode(ROOT)
    return await runChild(node, [target.entry, ...target.args], target.folder)
  } catch (error) {
    say(error.message)
    return 1
  }
}

function findTarget(command, args) {
  if (command === 'run') {
    const [file, ...rest] = args
    return file && { entry: path.resolve(file), args: rest, folder: process.cwd() }
  }
  const entry = Object.hasOwn(ENTRIES, command ?? '') && ENTRIES[command]
  return entry && { entry: path.join(ROOT, entry), args, folder: ROOT }
}

// To stderr: the standard output belongs to the command, which may print JSON there.
function say(text) {
  process.stderr.write(`packline: ${text}\n`)
}
