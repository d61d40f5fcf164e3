import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { needs } from '../harness/needs.ts'

const SETTINGS = {
  PACKLINE_MEMORY_MIB_MAX: '300',
  PACKLINE_PROCESSES_MAX: '100',
  PACKLINE_OPEN_FILES_MAX: '100',
  PACKLINE_DISK_MIB_MAX: '64',
  PACKLINE_FILES_MAX: '1000',
  PACKLINE_TMP_MIB_MAX: '10',
  PACKLINE_OUTPUT_MIB_MAX: '1',
  // The kernel counts the processes of a user, and other workers may have the usual ones.
  PACKLINE_UID_BASE: '60700',
}

let line: TestLine
beforeAll(async () => {
  line = await startTestLine({ environment: SETTINGS })
})
afterAll(() => line.stop())

/** For who waits for it; a fork bomb of an ordinary user takes its time to be refused. */
const TIMEOUT_SECONDS = 5
const OTHERS_SECONDS = 60
const FILL = 'for n in 1 2 3; do head -c 30M /dev/zero > $n; done'
const OPEN = 'for n in $(seq 200); do exec {fd}</dev/null || exit 1; done'
const EAT = 'set -o pipefail; head -c 600M /dev/zero | tail -c 600M | wc -c'
/** What a build does, what it fails with, the value that is named, the setting that raises it. */
const CASES: [string, string, string, string][] = [
  [`sleep ${TIMEOUT_SECONDS * 10}`, 'TIMED_OUT', `${TIMEOUT_SECONDS} s`, 'build.timeoutSeconds'],
  ["head -c 2M /dev/zero | tr '\\0' '\\n'", 'TOO_MUCH_OUTPUT', '1 MiB', 'PACKLINE_OUTPUT_MIB_MAX'],
  [EAT, 'OUT_OF_MEMORY', '300 MiB', 'PACKLINE_MEMORY_MIB_MAX'],
  ['bomb() { bomb | bomb & bomb; }; bomb', 'TOO_MANY_PROCESSES', '100', 'PACKLINE_PROCESSES_MAX'],
  [OPEN, 'TOO_MANY_OPEN_FILES', '100', 'PACKLINE_OPEN_FILES_MAX'],
  [FILL, 'TOO_MUCH_DISK', '64 MiB', 'PACKLINE_DISK_MIB_MAX'],
  ['mkdir -p $(seq 2000); sleep 30', 'TOO_MANY_FILES', '1000', 'PACKLINE_FILES_MAX'],
  ['head -c 20M /dev/zero > /tmp/x', 'TOO_MUCH_DISK', '10 MiB', 'PACKLINE_TMP_MIB_MAX'],
]

for (const [script, code, value, setting] of CASES) {
  test(`a build that does too much ends with ${code} and ${setting}, and is not tried again`, async (context) => {
    needs(context, 'redis', 'store', 'sandbox')
    const timeoutSeconds = code === 'TIMED_OUT' ? TIMEOUT_SECONDS : OTHERS_SECONDS
    const { id } = await line.client.submit({
      function: 'greedy',
      runtime: 'custom',
      handler: 'bootstrap',
      source: { kind: 'inline', files: { bootstrap: '#!/bin/sh\n', 'do.sh': script } },
      build: { command: ['bash', 'do.sh'], timeoutSeconds },
    })
    const events = await Array.fromAsync(line.client.events(id))
    const { state, failure, attempt } = await line.client.build(id)
    expect({ state, attempt, ...failure }).toMatchObject({
      state: 'failed',
      attempt: 1,
      code,
      blame: 'caller',
      step: 'make',
      detail: expect.stringContaining(value),
      hint: expect.stringContaining(setting),
      zh: { detail: expect.stringContaining(value), hint: expect.stringContaining(setting) },
    })
    expect(events.filter(({ type }) => type === 'requeued')).toEqual([])
  })
}

/** Prints at once: what a stream keeps back would come after the handler is there. */
const PRINT = `require('child_process')
  .execFileSync('/usr/bin/head', ['-c2M', '/dev/zero'], { stdio: 'inherit' })`
/** Where no control groups bound it the program says so itself, and the kernel kills nothing. */
const EAT_AND_END = `require('child_process')
  .spawnSync('/usr/bin/tail', ['/dev/zero'], { stdio: 'inherit' })
process.kill(process.pid, 'SIGKILL')`
/** What a package does when it is loaded, the value that is told, and what raises it. */
const LOADED: [string, string, string][] = [
  [EAT_AND_END, '300 MiB', 'PACKLINE_MEMORY_MIB_MAX'],
  [PRINT, '1 MiB', 'PACKLINE_OUTPUT_MIB_MAX'],
  ['while (true);', ' s, its limit', 'build.load'],
]

for (const [statement, value, setting] of LOADED) {
  test(`a package that takes too much when it is loaded is told its limit and ${setting}`, async (context) => {
    needs(context, 'redis', 'store', 'sandbox')
    const files = { 'index.js': `${statement}\nexports.handler = () => 1\n` }
    const { id } = await line.client.submit({
      function: 'greedy',
      runtime: 'nodejs',
      handler: 'index.handler',
      source: { kind: 'inline', files },
      build: { timeoutSeconds: OTHERS_SECONDS },
    })
    for await (const _event of line.client.events(id));
    const { findings } = await line.client.report(id)
    // An error under the function's own version of Node.js, a warning where this machine lacks it.
    expect(findings).toMatchObject([
      {
        rule: 'handler-exists',
        message: expect.stringContaining(value),
        hint: expect.stringContaining(setting),
        zh: { hint: expect.stringContaining(setting) },
      },
    ])
  })
}
