import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { withFolderLock } from '../packages/setup/src/folder-lock.mjs'

const STAMP = '.packline-stamp'

/** A cold npm ci took 148 s on two busy cores. */
const LIMITS = { everyMs: 10_000, msMax: 20 * 60_000 }

/** npm says what is wrong first and then prints its manual. */
const OUTPUT_CHARACTERS_MAX = 64 * 1024

/** Installs what package-lock.json names unless it is there already; `say` gets one line if so. */
export async function ensureInstalled(root, say) {
  if (isInstalled(root)) return
  makeLocalFolder(root)
  const install = async () => {
    // Another launcher may have done it while this one waited.
    if (isInstalled(root)) return
    say('installing dependencies (once)')
    await installWith(npmCommand(), root, say)
    writeFileSync(path.join(root, 'node_modules', STAMP), lockDigest(root))
  }
  const lock = path.join(root, '.local', 'install.lock')
  await withFolderLock(lock, install, { waitMsMax: LIMITS.msMax })
}

/** Whether node_modules holds what package-lock.json names, by our stamp or by npm's own list. */
export function isInstalled(root) {
  const folder = path.join(root, 'node_modules')
  if (readOr(path.join(folder, STAMP)) === lockDigest(root)) return true
  const installed = readOr(path.join(folder, '.package-lock.json'))
  if (installed === undefined) return false
  return holdsAll(installed, readFileSync(path.join(root, 'package-lock.json'), 'utf8'))
}

// An `npm install` by hand leaves no stamp of ours: npm's list of what it put there tells as well.
function holdsAll(installedText, wantedText) {
  const installed = JSON.parse(installedText).packages
  return Object.entries(JSON.parse(wantedText).packages).every(([place, wanted]) => {
    if (!place.startsWith('node_modules/') && !place.includes('/node_modules/')) return true
    const found = installed[place]
    if (!found) return wanted.optional === true || wanted.devOptional === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

function lockDigest(root) {
  const text = readFileSync(path.join(root, 'package-lock.json'))
  return createHash('sha256').update(text).digest('hex')
}

function readOr(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Missing or unreadable: the same to the caller, who then installs.
    return undefined
  }
}

function makeLocalFolder(root) {
  try {
    mkdirSync(path.join(root, '.local'), { recursive: true })
    mkdirSync(path.join(root, 'node_modules'), { recursive: true })
  } catch (error) {
    throw new Error(`can not write to ${root} (${error.code}): make it writable or clone elsewhere`)
  }
}

/**
 * Runs `npm ci` in a folder by the command given. `say` gets a line every `everyMs`, so that nobody
 * takes it for dead; after `msMax` it is ended, and that is an error.
 */
export async function installWith(command, folder, say, { everyMs, msMax } = LIMITS) {
  const [binary, ...before] = command
  const argv = [...before, 'ci', '--include=dev', '--include=optional', '--loglevel=error']
  const child = spawn(binary, argv, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const started = performance.now()
  const alive = setInterval(() => {
    say(`still installing, ${Math.round((performance.now() - started) / 1000)} s`)
  }, everyMs)
  try {
    await untilEnded(child, msMax)
  } finally {
    clearInterval(alive)
  }
}

function untilEnded(child, msMax) {
  let output = ''
  const keep = (chunk) => {
    output = (output + chunk).slice(0, OUTPUT_CHARACTERS_MAX)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGTERM')
      const seconds = msMax / 1000
      reject(new Error(`npm ci took over ${seconds} s: is there a network? Run again to go on`))
    }, msMax)
    child.once('error', () => {
      clearTimeout(late)
      reject(new Error('npm is not on PATH: install Node.js with npm'))
    })
    child.once('close', (code) => {
      clearTimeout(late)
      if (code === 0) resolve()
      else reject(new Error(`npm ci failed: ${explain(output)}`))
    })
  })
}

// The very npm that runs us, if one does; else the one on PATH.
function npmCommand() {
  const running = process.env.npm_execpath
  if (running && path.basename(running) === 'npm-cli.js') return [process.execPath, running]
  return ['npm']
}

const NETWORK =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|FETCH_ERROR)\b/

/** The first lines that say something: npm ends with advice and the path of a log. */
function explain(output) {
  const network = NETWORK.exec(output)
  if (network) return `the npm registry can not be reached (${network[0]}); is there a network?`
  const lines = output
    .split('\n')
    .flatMap((line) => /^npm (?:error|ERR!) (.+)/.exec(line)?.[1] ?? [])
  const telling = lines.filter((line) => !/^code |complete log|^Usage|^Run "npm help/.test(line))
  return telling.slice(0, 2).join(' ') || 'npm printed no reason'
}
