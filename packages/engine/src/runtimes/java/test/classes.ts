import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PLATFORM_SDK } from '../javac.ts'

/** For tests: real class files of the machine's javac, by their path in a jar. */
export function compileForTest(
  sources: Record<string, string>,
  flags: readonly string[] = ['--release', '17'],
): Record<string, Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'packline-javac-'))
  try {
    for (const [path, text] of Object.entries(sources)) {
      mkdirSync(join(folder, 'source', dirname(path)), { recursive: true })
      writeFileSync(join(folder, 'source', path), text)
    }
    const sdk = ['-encoding', 'UTF-8', '-sourcepath', PLATFORM_SDK, '-implicit:none']
    const options = {
      cwd: join(folder, 'source'),
      env: { LC_ALL: 'C.UTF-8', PATH: process.env.PATH },
    }
    execFileSync('javac', [...flags, ...sdk, '-d', '../out', ...Object.keys(sources)], options)
    const names = readdirSync(join(folder, 'out'), { recursive: true, encoding: 'utf8' })
    const classes = names.filter((name) => name.endsWith('.class'))
    return Object.fromEntries(
      classes.map((name) => [name, readFileSync(join(folder, 'out', name))]),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
