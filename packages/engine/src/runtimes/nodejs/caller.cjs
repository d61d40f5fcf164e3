// Runs inside the sandbox, by Node.js 6 or any later one: calls a handler that was loaded with a
// test event, as the platform does, and hands on what it answers.

const util = require('util')

// Longer answers are for a test of the function, not for one of its package.
const ANSWER_CHARS_MAX = 32 * 1024
const RUN_MS_MAX = 30000

/** Answers with { ok, answer, ms, memoryBytes }, or fails with what the handler throws. */
module.exports = (handler, initializer, eventText) => {
  const context = contextOf()
  const before = initializer === undefined ? undefined : invoke(initializer, [context])
  return Promise.resolve(before).then(() => {
    const started = process.hrtime()
    return invoke(handler, [JSON.parse(eventText), context]).then((answer) => {
      const taken = process.hrtime(started)
      return result(answer, taken[0] * 1e3 + taken[1] / 1e6)
    })
  })
}

/** By promise, by callback, or by what is returned: the platform takes all three. */
function invoke(work, given) {
  return new Promise((resolve, reject) => {
    const done = (error, answer) => (error ? reject(error) : resolve(answer))
    const answer = work.apply(undefined, given.concat(done))
    if (answer !== null && answer !== undefined && typeof answer.then === 'function') {
      answer.then(resolve, reject)
    } else if (work.length <= given.length) {
      resolve(answer)
    }
  })
}

function result(answer, ms) {
  const text = answer === undefined ? undefined : JSON.stringify(answer)
  if (text !== undefined && text.length > ANSWER_CHARS_MAX) {
    return { ok: false, fault: 'answerTooLong', found: [text.length, ANSWER_CHARS_MAX] }
  }
  const told = { ok: true, ms: Math.round(ms * 1000) / 1000, memoryBytes: memoryBytes() }
  if (text !== undefined) told.answer = JSON.parse(text)
  return told
}

function memoryBytes() {
  if (process.resourceUsage === undefined) return process.memoryUsage().rss
  return process.resourceUsage().maxRSS * 1024
}

/** What the platform gives beside the event (developer guide, "context methods"): all empty. */
function contextOf() {
  const started = Date.now()
  const nothing = () => ''
  const logger = {
    log: log,
    info: log,
    warn: log,
    error: log,
    debug: log,
    setLevel: () => undefined,
  }
  return {
    getRequestID: () => 'packline-test',
    getRemainingTimeInMilliSeconds: () => RUN_MS_MAX - (Date.now() - started),
    getRunningTimeInSeconds: () => RUN_MS_MAX / 1000,
    getAccessKey: nothing,
    getSecretKey: nothing,
    getSecurityAccessKey: nothing,
    getSecuritySecretKey: nothing,
    getSecurityToken: nothing,
    getToken: nothing,
    getUserData: nothing,
    getFunctionName: nothing,
    getVersion: () => 'latest',
    getMemorySize: () => 128,
    getCPUNumber: () => 0.1,
    getPackage: () => 'default',
    getProjectID: nothing,
    getAlias: nothing,
    getTraceID: nothing,
    getLogger: () => logger,
    requestID: 'packline-test',
  }
}

function log() {
  process.stdout.write(`${util.format.apply(util, arguments)}\n`)
}
