import type { CarrierName } from './carriers.ts'
import type { Probe } from './probe.ts'

/** By code that has a cache: it may change its own, and finds none that other builds use. */
function poisoning(carrier: CarrierName): Probe {
  return {
    title: "changes what the tenant's next builds take from the cache",
    carrier,
    before: 'echo mine > /cache/mine.txt',
    attempt: 'test -s "$1" && echo changed >> "$1"',
    own: '/cache/mine.txt',
    others: ({ inCache }) => [`/cache/${inCache}`, `/cache/../cache/${inCache}`],
  }
}

/** By a package that is loaded: there is no cache at all. */
function reading(carrier: CarrierName): Probe {
  return {
    title: 'finds caches while it is loaded',
    carrier,
    before: 'mkdir -p /tmp/cache && touch /tmp/cache/file',
    attempt: 'ls -A "$1" | grep -q .',
    own: '/tmp/cache',
    others: ({ files }) => ['/cache', '/build', files.cache.replace(/\/[^/]+$/, '')],
  }
}

/** Caches, which must not let one build change what another gets. */
export const CACHE_PROBES: readonly Probe[] = [
  poisoning('npm install script'),
  poisoning('setup.py'),
  poisoning("pip's build backend"),
  poisoning('Maven plugin'),
  poisoning('Gradle script'),
  poisoning('annotation processor'),
  poisoning('build.command'),
  poisoning('Makefile'),
  reading("Node.js handler's module"),
  reading("plugin's init"),
]
