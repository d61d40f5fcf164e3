import type { Probe } from './probe.ts'

const isRoot = process.getuid?.() === 0

/** What a command may have in these tests: little, so that more than that is little too. */
export const PROBED_LIMITS = {
  PACKLINE_MEMORY_MIB_MAX: '1024',
  PACKLINE_PROCESSES_MAX: '500',
  PACKLINE_OPEN_FILES_MAX: '1024',
  PACKLINE_DISK_MIB_MAX: '768',
  PACKLINE_FILES_MAX: '30000',
  PACKLINE_TMP_MIB_MAX: '64',
}

const MEMORY = 'perl -e \'my $all = "x" x ($ARGV[0] << 20)\' "$1"'

/** More than a build may have of anything. What they take is bounded, in case that they can. */
export const LIMIT_PROBES: readonly Probe[] = [
  {
    title: 'starts more and more processes',
    carrier: 'build.command',
    attempt: 'count=0; while test "$count" -lt "$1"; do sleep 99 & count=$((count + 1)); done',
    own: '20',
    // An ordinary user's limit would count all that the user runs.
    others: () => (isRoot ? ['700'] : []),
  },
  {
    title: 'starts more and more processes',
    carrier: "Python handler's import",
    attempt: 'count=0; while test "$count" -lt "$1"; do sleep 99 & count=$((count + 1)); done',
    own: '20',
    others: () => (isRoot ? ['700'] : []),
  },
  {
    title: 'fills /tmp, which is memory',
    carrier: 'setup.py',
    attempt: 'head -c "$1" /dev/zero > /tmp/full; test "$(stat -c %s /tmp/full)" = "$1"',
    own: '1000',
    others: () => ['100000000'],
  },
  {
    title: 'fills /dev/shm, which is memory',
    carrier: "Node.js handler's module",
    attempt: 'head -c "$1" /dev/zero > /dev/shm/full; test "$(stat -c %s /dev/shm/full)" = "$1"',
    own: '1000',
    others: () => ['70000000'],
  },
  {
    title: 'makes a file larger than a disk',
    carrier: 'Makefile',
    attempt: 'truncate -s "$1" large && rm large',
    own: '1000000',
    others: () => ['5000000000', '9000000000000'],
  },
  {
    title: 'opens more and more files',
    carrier: "plugin's init",
    attempt:
      'perl -e \'for (1 .. $ARGV[0]) { open(my $one, "<", "/dev/null") or exit 1; push @all, $one }\' "$1"',
    own: '100',
    others: () => ['1100'],
  },
  {
    title: 'prints more and more lines',
    carrier: 'Makefile',
    attempt: 'yes "$1" | head -n 3',
    own: 'y',
    others: () => [],
    // After it has said that it ran.
    after: 'yes | head -c 20000000',
    failure: 'TOO_MUCH_OUTPUT',
  },
  {
    title: 'prints a line without end',
    carrier: 'Gradle script',
    attempt: 'printf %s "$1"',
    own: 'y',
    others: () => [],
    after: 'tr "\\0" x < /dev/zero | head -c 20000000',
    failure: 'TOO_MUCH_OUTPUT',
  },
  {
    title: 'prints more and more lines',
    carrier: 'static initializer',
    attempt: 'yes "$1" | head -n 3',
    own: 'y',
    others: () => [],
    after: 'yes | head -c 20000000',
    failure: 'VALIDATION_FAILED',
  },
  {
    title: 'waits for ever',
    carrier: 'build.command',
    attempt: 'sleep "$1"',
    own: '0.1',
    others: () => [],
    after: 'sleep 3600',
    build: { timeoutSeconds: 3 },
    failure: 'TIMED_OUT',
  },
  {
    title: 'computes for ever, deaf to signals',
    carrier: 'annotation processor',
    attempt: 'for n in $1; do :; done',
    own: '1 2 3',
    others: () => [],
    after: 'trap "" TERM INT HUP; while :; do :; done',
    build: { timeoutSeconds: 20 },
    failure: 'TIMED_OUT',
  },
  {
    title: 'fills its memory',
    carrier: 'build.command',
    attempt: MEMORY,
    own: '10',
    others: () => ['1500'],
  },
  {
    title: 'fills its memory',
    carrier: "Node.js handler's module",
    attempt: MEMORY,
    own: '10',
    others: () => ['1500'],
  },
  {
    title: 'fills its folder',
    carrier: 'build.command',
    attempt: 'head -c "$1" /dev/zero > some',
    own: '1000000',
    others: () => [],
    after: 'for n in $(seq 60); do head -c 20000000 /dev/zero > /build/home/$n; done; sleep 50',
    failure: 'TOO_MUCH_DISK',
  },
  {
    title: 'fills a file that has no name any more',
    carrier: 'Makefile',
    attempt: 'head -c "$1" /dev/zero > some',
    own: '1000000',
    others: () => [],
    after:
      'exec 3>/build/home/large; rm /build/home/large; head -c 1200000000 /dev/zero >&3; sleep 50',
    failure: 'TOO_MUCH_DISK',
  },
  {
    title: 'makes more and more files',
    carrier: 'build.command',
    attempt: 'mkdir -p many && cd many && seq "$1" | xargs touch',
    own: '100',
    others: () => [],
    after: 'mkdir /build/home/many && cd /build/home/many && seq 40000 | xargs touch; sleep 50',
    failure: 'TOO_MANY_FILES',
  },
]
