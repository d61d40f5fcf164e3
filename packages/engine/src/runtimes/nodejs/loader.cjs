// Runs inside the sandbox, by Node.js 6 or any later one (hence its plain syntax): loads a handler
// as the platform does and answers in one line, and in a second one what came of calling it where a
// test event follows the token. argv: the handler's file without extension, its
// functions joined by commas, and the modules that the platform has pre-installed.
const fs = require('fs')
const Module = require('module')
const pathToFileURL = require('url').pathToFileURL
const util = require('util')

const root = process.cwd()
const token = readToken()
const eventText = fs.readFileSync(0, 'utf8')
// Before the code under test, which may put another `require` into its place.
const call = eventText === '' ? undefined : require('./caller.cjs')
const file = process.argv[2]
const names = process.argv[3].split(',')
const preinstalled = process.argv.slice(4)
const assumed = new Set()
// A pipe takes this much in one piece: no other process can write into the middle of the answer.
const ANSWER_BYTES_MAX = 4000
// Exported functions that are named where the handler is none of them.
const NAMES_MAX = 10
const NAMES_CHARS_MAX = 300
// What the code has printed by then may take this long to go out.
const FLUSH_MS_MAX = 2000

// The code under test may put others into their place, by mistake or to answer for us.
const writeSync = fs.writeSync
const stringify = JSON.stringify
const exit = process.reallyExit.bind(process)
const bytesOf = Buffer.byteLength
// Only looked at in the end: to touch the stream makes a full pipe an error for fs.writeSync(1).
const stdoutOf = Object.getOwnPropertyDescriptor(process, 'stdout').get
let isAnswered = false
let doing = 'loaded'
let isExiting = false

main()

function main() {
  process.argv.splice(1, process.argv.length, `${root}/${file}`)
  process.on('uncaughtException', (error) => {
    if (process.listenerCount('uncaughtException') === 1) fault(error)
  })
  process.on('unhandledRejection', (error) => {
    // Since 15 such a rejection ends the process, unless the code itself looks after it.
    if (versionAtLeast(15, 0) && process.listenerCount('unhandledRejection') === 1) fault(error)
  })
  process.on('beforeExit', () => refuse('neverEnds', []))
  process.on('exit', (code) => {
    isExiting = true
    refuse('exits', [`process.exit(${code})`])
  })
  const ends = ['js', 'mjs', 'cjs']
  const found = ends.map((end) => `${root}/${file}.${end}`).find((path) => fs.existsSync(path))
  if (found === undefined) {
    refuse('noFile', [`${file}.js`])
    return
  }
  standInForPreinstalled()
  load(found).then((module) => check(module, shown(found)), fault)
}

/** import() as the platform does; the loader of modules has no flag since 12.17 (nodejs.org). */
function load(path) {
  if (versionAtLeast(12, 17)) return require('./import.cjs')(pathToFileURL(path).href)
  return Promise.resolve().then(() => require(path))
}

function check(module, path) {
  const functions = names.map((name) => functionOf(module, name))
  const absent = functions.indexOf(undefined)
  if (absent >= 0) {
    const others = functionsOf(module)
    const fault = others === '' ? 'noExport' : 'noExportBeside'
    const found = others === '' ? [names[absent]] : [names[absent], others]
    answer({ ok: false, fault: fault, found: found, path: path, initializer: absent > 0 })
    return
  }
  if (eventText === '') {
    answer({ ok: true })
    return
  }
  tell({ ok: true })
  doing = 'called'
  call(functions[0], functions[1], eventText).then(answer, fault)
}

function functionOf(module, name) {
  if (module === null || module === undefined) return undefined
  if (typeof module[name] === 'function') return module[name].bind(module)
  const whole = versionAtLeast(12, 17) ? module.default : undefined
  const isThere = whole !== null && whole !== undefined && typeof whole[name] === 'function'
  return isThere ? whole[name].bind(whole) : undefined
}

/** What else it exports, for who has mistyped a name; as far as it can be looked at. */
function functionsOf(module) {
  try {
    // Node.js 23 and later name the whole of a CommonJS module so.
    const own = Object.keys(module).filter((name) => name !== 'module.exports')
    const callable = own.filter((name) => typeof module[name] === 'function')
    return callable.slice(0, NAMES_MAX).join(', ').slice(0, NAMES_CHARS_MAX)
  } catch (_) {
    return ''
  }
}

function versionAtLeast(major, minor) {
  const version = process.versions.node.split('.').map(Number)
  return version[0] > major || (version[0] === major && version[1] >= minor)
}

/** Never in the environment: every process can read that of its beginning. */
function readToken() {
  const byte = Buffer.alloc(1)
  let text = ''
  while (fs.readSync(0, byte, 0, 1, null) === 1 && byte[0] !== 10) text += byte.toString('latin1')
  return text
}

function fault(error) {
  const lacking = lackingModule(error)
  if (lacking !== undefined) answer({ ok: false, lacking: lacking })
  else answer(Object.assign({ ok: false }, wordsOf(error), placeOf(error)))
}

function wordsOf(error) {
  try {
    const isError = error instanceof Error || (error && error.stack && error.message)
    // The files that asked for a module are told as its place.
    if (isError) return { message: `${error.name}: ${error.message}`.split('\nRequire stack:')[0] }
    return { fault: 'throws', message: util.inspect(error) }
  } catch (_) {
    // Whatever it is, it is no text.
    return { fault: 'throwsUnshowable' }
  }
}

/** What the worker says in words: texts/faults.ts. */
function refuse(code, found) {
  answer({ ok: false, fault: code, found: found })
}

function answer(result) {
  if (isAnswered) return
  isAnswered = true
  tell(result)
  // Timers, sockets and exit handlers of the code under test must not keep the process.
  const stdout = stdoutOf.call(process)
  if (isExiting || (stdout.writableLength || 0) === 0) exit(0)
  setTimeout(() => exit(0), FLUSH_MS_MAX)
  stdout.write('', () => exit(0))
}

function tell(result) {
  let line = lineOf(result)
  while (bytesOf(line) > ANSWER_BYTES_MAX && (result.message || '').length > 10) {
    result.message = result.message.slice(0, result.message.length * 0.9)
    line = lineOf(result)
  }
  for (let isWritten = false; !isWritten; ) {
    try {
      writeSync(1, line)
      isWritten = true
    } catch (error) {
      // A pipe that is full for a moment: whoever reads it is at work.
      if (error.code !== 'EAGAIN') break
    }
  }
}

function lineOf(result) {
  // A toJSON that the code gave to all objects must not answer for us.
  Object.setPrototypeOf(result, null)
  if (result.found) Object.setPrototypeOf(result.found, null)
  if (assumed.size > 0 && doing === 'loaded') result.assumed = Array.from(assumed).sort()
  const told = doing === 'loaded' ? result : Object.assign(Object.create(null), { called: result })
  return `\n${token} ${stringify(told)}\n`
}

/** The first line of the user's own code; of a dependency's where none is their own. */
function placeOf(error) {
  let text = ''
  try {
    text = String(error.stack)
  } catch (_) {
    return {}
  }
  const frames = []
  const pattern = /(file:\/\/)?(\/[^\n]*?):(\d+)(?=[:)\s]|$)/g
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const at = match[2].lastIndexOf(`${root}/`)
    const path = at < 0 ? undefined : decoded(match[2].slice(at), match[1] !== undefined)
    if (path !== undefined) frames.push({ path: shown(path), line: Number(match[3]) })
  }
  const own = frames.find((frame) => !/(^|\/)node_modules\//.test(frame.path))
  return own || frames[0] || importedFrom(text)
}

/** A module that can not be found from an ES module is told with its importer, without a line. */
function importedFrom(text) {
  const match = / imported from (\/[^\n]+?)\s*$/m.exec(text)
  return match && match[1].startsWith(`${root}/`) ? { path: shown(match[1]) } : {}
}

function decoded(path, isUrl) {
  try {
    return isUrl ? decodeURI(path) : path
  } catch (_) {
    return path
  }
}

function shown(path) {
  return path.slice(root.length + 1)
}

/** An ES module's import of what the platform has: nothing here can stand in for its names. */
function lackingModule(error) {
  const match = /^Cannot find package '([^']+)' imported from /.exec(error && error.message)
  return match && preinstalled.includes(match[1]) ? match[1] : undefined
}

/** Where require() finds no module that the platform has pre-installed, something else is there. */
function standInForPreinstalled() {
  const loadModule = Module._load
  Module._load = function (request) {
    try {
      return loadModule.apply(this, arguments)
    } catch (error) {
      const name = request.split('/')[0]
      if (error.code !== 'MODULE_NOT_FOUND' || !preinstalled.includes(name)) throw error
      if (!error.message.startsWith(`Cannot find module '${request}'`)) throw error
      assumed.add(name)
      return standIn()
    }
  }
}

/** Something that can be called, made anew, walked through and asked for anything. */
function standIn() {
  // biome-ignore lint/complexity/useArrowFunction: no class can extend an arrow function
  const own = function () {}
  return new Proxy(own, {
    get: (target, name) => {
      if (name === 'prototype') return target.prototype
      // Neither a promise that never ends, nor what a TypeScript compiler has made.
      if (name === 'then' || name === '__esModule') return undefined
      if (name === Symbol.toPrimitive) return () => ''
      if (name === Symbol.iterator) return () => [][Symbol.iterator]()
      return standIn()
    },
    apply: standIn,
    construct: standIn,
  })
}
