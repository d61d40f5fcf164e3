import type { CarrierName } from './carriers.ts'
import { hasNoCanary, hasNoMode, isGone, leavesNothing, unlikeOthers } from './outside.ts'
import type { Probe } from './probe.ts'

const OUTPUT = '"$PACKLINE_OUTPUT"'
function outliving(carrier: CarrierName, how: string, start: (sleeps: string) => string): Probe {
  const mark = `3600.${unlikeOthers()}`
  return {
    title: `outlives its build: ${how}`,
    carrier,
    before: `${start(`sleep ${mark}`)}\nsleep 0.5`,
    // It must be there as long as the build is.
    attempt: 'cat /proc/[0-9]*/cmdline | tr "\\0" "\\n" | grep -qx "$1"',
    own: mark,
    others: () => [],
    outside: isGone(mark),
  }
}

/** Processes that go on after their build. */
export const OUTLIVING_PROBES: readonly Probe[] = [
  outliving('npm install script', 'in the background', (it) => `${it} >/dev/null 2>&1 &`),
  outliving('setup.py', 'in a session of its own', (it) => `setsid ${it} >/dev/null 2>&1 &`),
  outliving('Maven plugin', 'deaf to the end of its terminal', (it) => {
    return `nohup ${it} >/dev/null 2>&1 &`
  }),
  outliving('Gradle script', 'as a daemon', (it) => `(setsid ${it} >/dev/null 2>&1 &) &`),
  outliving('build.command', 'deaf to signals', (it) => {
    return `(trap "" TERM INT HUP; exec setsid ${it}) >/dev/null 2>&1 &`
  }),
  // Nobody may wait for streams that it holds open.
  outliving('Makefile', 'with its streams open', (it) => `setsid ${it} &`),
  outliving("Node.js handler's module", 'by a shell that has ended', (it) => {
    return `sh -c 'setsid ${it} >/dev/null 2>&1 &'`
  }),
  outliving("Python handler's import", 'stopped', (it) => {
    return `setsid ${it} >/dev/null 2>&1 & sleep 0.3; kill -STOP $!`
  }),
  outliving("plugin's init", 'started again whenever it is killed', (it) => {
    return `setsid sh -c 'while :; do ${it}; done' >/dev/null 2>&1 &`
  }),
  outliving('static initializer', 'at the exit of its parent', (it) => {
    return `trap 'setsid ${it} >/dev/null 2>&1 &' EXIT; ${it} >/dev/null 2>&1 &`
  }),
  outliving('annotation processor', 'under the name of another', (it) => {
    return `cp /usr/bin/sleep /tmp/java; setsid /tmp/java ${it.slice('sleep '.length)} >/dev/null 2>&1 &`
  }),
]

/** What a build leaves in its package, or for the worker to stumble over. */
export const LEAVING_PROBES: readonly Probe[] = [
  {
    title: 'leaves files that run as their owner',
    carrier: 'build.command',
    before: `cp /bin/sh ${OUTPUT}/shell; cp /bin/sh ${OUTPUT}/group`,
    attempt: `chmod "$1" ${OUTPUT}/shell && chmod 2755 ${OUTPUT}/group && test -u ${OUTPUT}/shell`,
    own: '4755',
    others: () => [],
    outside: hasNoMode,
  },
  {
    title: 'leaves files that run as their owner',
    carrier: 'npm install script',
    before: 'cp /bin/sh shell',
    attempt: 'chmod "$1" shell && test -u shell',
    own: '6755',
    others: () => [],
    outside: hasNoMode,
  },
  {
    title: "puts links to the worker's files where its package's files are taken from",
    carrier: 'Makefile',
    attempt: `mkdir -p ${OUTPUT}/in && ln -sfn "$1" ${OUTPUT}/in/link && test -L ${OUTPUT}/in/link`,
    own: '/etc/passwd',
    others: () => [],
    outside: hasNoCanary,
  },
  {
    title: 'puts a link in place of the folder that its package is taken from',
    carrier: 'build.command',
    attempt: 'rm -rf /build/output && ln -s "$1" /build/output && test -L /build/output',
    own: '/build/source/../../tmp',
    others: () => [],
    failure: 'COMPILE_FAILED',
    outside: hasNoCanary,
  },
  {
    title: 'leaves a pipe, on which a reader would wait',
    carrier: 'Makefile',
    attempt: `mkfifo "$1" && test -p "$1"`,
    own: '/build/output/pipe',
    others: () => [],
    failure: 'ARCHIVE_REFUSED',
  },
  {
    title: 'leaves a tree that is too deep to be removed by its path',
    carrier: 'build.command',
    attempt: 'n=0; while test $n -lt "$1"; do mkdir -p folder && cd folder; n=$((n + 1)); done',
    own: '900',
    others: () => [],
    outside: leavesNothing,
  },
  {
    title: 'leaves what nobody may enter or change',
    carrier: 'build.command',
    attempt: 'mkdir -p "$1/in" && touch "$1/in/file" && chmod 0 "$1/in" "$1"',
    own: '/build/output/closed',
    others: () => [],
    outside: leavesNothing,
  },
  {
    title: 'swaps folders of the bench for links before the package is loaded',
    carrier: 'setup.py',
    attempt: `for name in code merged loader package; do
  rm -rf /build/$name; ln -s "$1" /build/$name || return 1
done`,
    own: '/tmp',
    others: () => [],
    outside: hasNoCanary,
  },
]
