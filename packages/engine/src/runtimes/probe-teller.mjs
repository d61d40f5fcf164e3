// Runs inside the sandbox beside the probes: tells what became of the program that one has started.
import { readFileSync } from 'node:fs'

// Longer answers are for a test of the function, not for one of its package.
const ANSWER_CHARS_MAX = 32 * 1024

/** `end` tells once and ends the program and this process; after `loaded` it tells of the call. */
export function makeTeller(token, child) {
  let isAnswered = false
  let isLoaded = false
  const line = (result) => `\n${token} ${JSON.stringify(result)}\n`
  return {
    isLoaded: () => isLoaded,
    loaded: () => {
      isLoaded = true
      process.stdout.write(line({ ok: true }))
    },
    end: (result) => {
      // Killing the program makes it end, which is no second answer.
      if (isAnswered) return
      isAnswered = true
      child.kill('SIGKILL')
      process.stdout.write(line(isLoaded ? { called: result } : result), () => process.exit(0))
    },
    answered: (answer, ms) => {
      const { length } = JSON.stringify(answer)
      if (length > ANSWER_CHARS_MAX) {
        return { ok: false, fault: 'answerTooLong', found: [length, ANSWER_CHARS_MAX] }
      }
      return { ok: true, answer, ms: Math.round(ms * 1000) / 1000, memoryBytes: memoryOf(child) }
    },
  }
}

/** The most that it had; its own children, such as a script's commands, are not in it. */
function memoryOf({ pid }) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
}
