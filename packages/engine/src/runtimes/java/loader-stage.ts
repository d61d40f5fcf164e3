import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BUILD } from '../../package.ts'
import type { Jdk, Tool } from '../../tools/tools.ts'
import type { LoadCheck } from '../runtime.ts'
import { PLATFORM_SDK } from './javac.ts'

type Prepared = NonNullable<Extract<LoadCheck, { kind: 'command' }>['prepare']>

const LOADER = ['Loader.java', 'Caller.java', 'Fault.java', 'Json.java'].map((name) =>
  fileURLToPath(new URL(name, import.meta.url)),
)
const LOADER_FOLDER = `${BUILD.root}/loader`
const SCRIPT = `${LOADER_FOLDER}/make-loader.sh`

/** Where the compiled loader and the platform's declarations lie when they are used. */
export const LOADER_INSIDE = '/packline/loader'

/**
 * Two builds may come here at once: each compiles into a folder of its own, and the first to be
 * done gives it its name.
 */
const MAKE_LOADER = `#!/bin/sh
set -eu
target="$1"
shift
[ -d "$target" ] && exit 0
mkdir -p "\${target%/*}"
made=$(mktemp -d "$target.XXXXXX")
"$@" -d "$made"
mv "$made" "$target" 2>/dev/null || rm -rf "$made"
`

/**
 * Compiles the loader once for each JDK and keeps it in the tenant's cache: started from its source
 * it takes 1.2 s of a core at each build, compiled 0.1 s.
 */
export async function loaderStage(jdk: Jdk): Promise<Prepared> {
  const sources = await loaderSources()
  const target = `${BUILD.cache}/java/loader-${jdk.version}-${sources.digest}`
  return {
    stage: {
      name: 'loader',
      argv: [
        '/bin/sh',
        SCRIPT,
        target,
        jdk.javac,
        '-J-XX:TieredStopAtLevel=1',
        '-encoding',
        'UTF-8',
        '-proc:none',
        '-nowarn',
        '-classpath',
        LOADER_FOLDER,
        ...sources.paths,
      ],
      // Not the source's folder: a class there would be taken for one that the loader names.
      cwd: LOADER_FOLDER,
      env: { LC_ALL: 'C.UTF-8', PATH: '/usr/bin:/bin' },
      network: 'none',
      tools: [jdk, loaderTool()],
      because: 'the JVM that loads the handler',
      files: { [SCRIPT]: MAKE_LOADER },
      failure: 'TOOL_MISSING',
    },
    product: { from: target, to: LOADER_INSIDE },
  }
}

function loaderTool(): Tool {
  const [path = ''] = LOADER
  return { name: 'java-loader', version: '1', path, binds: [...LOADER, PLATFORM_SDK] }
}

async function loaderSources(): Promise<{ paths: string[]; digest: string }> {
  const names = await readdir(PLATFORM_SDK, { recursive: true })
  const declarations = names.filter((name) => name.endsWith('.java')).sort()
  const paths = [...LOADER, ...declarations.map((name) => join(PLATFORM_SDK, name))]
  const hash = createHash('sha256')
  for (const path of paths) hash.update(await readFile(path))
  return { paths, digest: hash.digest('hex').slice(0, 16) }
}
