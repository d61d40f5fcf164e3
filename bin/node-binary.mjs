import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

/** Type stripping without a flag or a warning, and the oldest version our dependencies take. */
export const OLDEST = [24, 15]

/**
 * The Node.js to run TypeScript with: the one that npm brought for this system, else the running
 * one when it is new enough. Fails with one line that says how to mend it.
 */
export function findNode(root, { platform, arch, execPath, version } = process) {
  const brought = path.join(root, 'node_modules', `node-${platform}-${arch}`, 'bin', 'node')
  if (existsSync(brought)) return checkVersion(brought)
  if (isNewEnough(version)) return execPath
  throw new Error(
    `needs Node.js ${OLDEST.join('.')} or newer; npm has none for ${platform} ${arch} and the ` +
      `one here is ${version.slice(1)}: install Node.js 24 and run again`,
  )
}

function checkVersion(binary) {
  const found = readVersion(binary)
  if (isNewEnough(found)) return binary
  throw new Error(
    `needs Node.js ${OLDEST.join('.')} or newer, found ${found} at ${binary}: ` +
      'remove node_modules and run again',
  )
}

function readVersion(binary) {
  try {
    return execFileSync(binary, ['--version'], {
      encoding: 'utf8',
      timeout: 20_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch (error) {
    throw new Error(`${binary} does not run here (${error.code ?? error.message})`, {
      cause: error,
    })
  }
}

/** Whether a version such as `v24.21.0` is one that runs our TypeScript. */
export function isNewEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}
