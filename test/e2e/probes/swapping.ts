import type { CarrierName } from './carriers.ts'
import { hasNoCanary, isGone, unlikeOthers } from './outside.ts'
import type { Probe } from './probe.ts'

/**
 * Goes on for as long as it may: a file of the package is a link to one of the worker's, and a file
 * again, so that whoever looks at it once and reads it later may get the other.
 */
function swapping(carrier: CarrierName, file: string): Probe {
  const mark = `swap-${unlikeOthers()}`
  return {
    title: 'swaps a file for a link and back, while the package is made and after it',
    carrier,
    before: `cat > /tmp/swap.sh <<'END'
while :; do
  rm -f "$2"; echo x > "$2"; ln -sfn "$1" "$2"
done
END
mkdir -p "$(dirname ${file})"; echo x > /tmp/own`,
    attempt: `(setsid sh /tmp/swap.sh "$1" ${file} ${mark} >/dev/null 2>&1 &)
for n in $(seq 40); do
  test "$(readlink -e ${file})" = "$1" && return 0
  sleep 0.05
done
return 1`,
    own: '/tmp/own',
    others: ({ files }) => [files.worker, files.cache],
    outside: async (ended, place) => {
      isGone(mark)()
      hasNoCanary(ended, place)
    },
  }
}

/** A package that is being loaded is what was checked and is stored: its code may not change it. */
function swappingWhatIsLoaded(carrier: CarrierName, file: string): Probe {
  return {
    title: 'swaps a file of the package that is being loaded for a link',
    carrier,
    before: `mkdir -p /tmp/code; echo x > /tmp/code/${file}`,
    attempt: `ln -s /etc/passwd "$1/link" && mv -f "$1/link" "$1/${file}" && test -L "$1/${file}"`,
    own: '/tmp/code',
    others: () => ['/opt/function/code'],
    outside: hasNoCanary,
  }
}

/** A file is swapped for a link after it was looked at. */
export const SWAPPING_PROBES: readonly Probe[] = [
  // What these found is told by the loaded package: they swap a file where the worker has its own.
  swapping('npm install script', '/build/home/bin/git'),
  swapping('setup.py', '/build/home/swapped.json'),
  swapping("pip's build backend", '/build/home/swapped.json'),
  swapping('Maven plugin', 'src/main/resources/swapped.txt'),
  swapping('Gradle script', 'src/main/resources/swapped.txt'),
  swapping('annotation processor', '/build/source/swapped.txt'),
  swapping('build.command', '"$PACKLINE_OUTPUT/swapped.txt"'),
  swapping('Makefile', '"$PACKLINE_OUTPUT/swapped.txt"'),
  swappingWhatIsLoaded("Node.js handler's module", 'index.js'),
  swappingWhatIsLoaded("Python handler's import", 'index.py'),
  swappingWhatIsLoaded('static initializer', 'hello.jar'),
  swappingWhatIsLoaded("plugin's init", 'hello.so'),
  swappingWhatIsLoaded('bootstrap', 'bootstrap'),
]
