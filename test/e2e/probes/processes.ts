import { expect } from 'vitest'
import { isRunning } from '../../harness/processes.ts'
import type { Probe } from './probe.ts'

/** A pattern that finds the text and not itself. */
const pattern = (text: string) => `[${text.slice(0, 1)}]${text.slice(1)}`
/** What is in the environment of any process that is shown. */
const ENVIRONMENTS = 'cat /proc/[0-9]*/environ /proc/self/environ | tr "\\0" "\\n" | grep -q "$1"'
const ARGUMENTS = 'cat /proc/[0-9]*/cmdline | tr "\\0" "\\n" | grep -q "$1"'
const workerLives: Probe['outside'] = (_ended, { worker }) => {
  expect(isRunning(worker)).toBe(true)
}

/** The environment of the worker, and processes that are not the build's. */
export const PROCESS_PROBES: readonly Probe[] = [
  {
    title: "finds the worker's environment in its own",
    carrier: 'npm install script',
    before: 'export OWN=canary-of-mine',
    attempt: 'env | grep -q "$1"',
    own: 'canary-of-mine',
    others: ({ canary }) => [canary, 'PACKLINE_SECRET_KEY', 'PACKLINE_REDIS_URL', 'PACKLINE_STORE'],
  },
  {
    title: "finds the worker's environment in /proc",
    carrier: "Node.js handler's module",
    before: 'export OWN=canary-of-mine; sleep 30 & trap "kill $!" EXIT',
    attempt: ENVIRONMENTS,
    own: 'canary-of-mine',
    others: ({ canary }) => [canary, 'PACKLINE_SECRET_KEY', 'PACKLINE_KEYS'],
  },
  {
    title: "finds the worker's environment in /proc",
    carrier: 'setup.py',
    before: 'export OWN=canary-of-mine; sleep 30 & trap "kill $!" EXIT',
    attempt: ENVIRONMENTS,
    own: 'canary-of-mine',
    others: ({ canary }) => [canary, 'PACKLINE_SECRET_KEY', 'PACKLINE_KEYS'],
  },
  {
    title: "sees processes of the worker and of other tenants' builds",
    carrier: 'annotation processor',
    before: 'sh -c "sleep 30; true" mine & trap "kill $!" EXIT; sleep 0.1',
    attempt: ARGUMENTS,
    own: '^[m]ine$',
    others: ({ neighbour }) => [pattern(neighbour), 'services/worker/src/[m]ain.ts'],
  },
  {
    title: "sees processes of the worker and of other tenants' builds",
    carrier: "Python handler's import",
    before: 'sh -c "sleep 30; true" mine & trap "kill $!" EXIT; sleep 0.1',
    attempt: ARGUMENTS,
    own: '^[m]ine$',
    others: ({ neighbour }) => [pattern(neighbour), 'services/worker/src/[m]ain.ts'],
  },
  {
    title: 'sends signals to processes that are not its own',
    carrier: "plugin's init",
    before: 'sleep 30 & trap "kill $!" EXIT',
    attempt: 'case $1 in mine) kill -0 $!;; *) kill -0 "$1";; esac',
    own: 'mine',
    others: ({ worker }) => [String(worker), String(process.pid)],
    outside: workerLives,
  },
  {
    title: 'ends every process that it may',
    carrier: 'Makefile',
    attempt: 'sleep 30 & kill -9 $!; case $1 in mine) ;; *) kill -9 "$1"; kill -9 -1; false;; esac',
    own: 'mine',
    others: ({ worker }) => [String(worker)],
    outside: workerLives,
  },
  {
    title: 'reads the memory of processes that are not its own',
    carrier: 'build.command',
    attempt: 'test -r "/proc/$1/mem" && exec 3<"/proc/$1/mem"',
    own: 'self',
    others: ({ worker }) => [String(worker), String(process.pid)],
  },
  {
    title: 'goes into the namespaces of other processes, or makes its own',
    carrier: "Node.js handler's module",
    attempt: 'sh -c "$1"',
    own: 'true',
    others: ({ worker }) => [
      ...['unshare -U true', 'unshare -Ur true', 'unshare -m true', 'unshare -n true'],
      ...[`nsenter -t ${worker} -m true`, 'nsenter -t 1 -U true', 'chroot / true'],
    ],
  },
  {
    title: 'becomes another user',
    carrier: 'bootstrap',
    attempt: 'eval "$1"',
    own: 'setpriv --no-new-privs true',
    others: () => [
      ...['setpriv --reuid=0 true', 'setpriv --regid=0 --clear-groups true'],
      ...['su -c true', 'sudo -n true', 'test "$(id -u)" = 0'],
    ],
  },
]
