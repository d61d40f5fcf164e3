import path from 'node:path'
import { exitWithParent, runToEnd } from '@packline/setup'
import { print, printPhase } from '../phases.ts'

const ROOT = path.resolve(import.meta.dirname, '../../..')

const PHASE_MS_MAX = 5 * 60_000

interface Phase {
  name: string
  argv: string[]
}

/** All at once: two are native programs that end within seconds. */
const PHASES: Phase[] = [
  { name: 'lint', argv: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '.'] },
  { name: 'types', argv: ['node_modules/typescript/bin/tsc', '-p', '.', '--noEmit'] },
  { name: 'unit', argv: ['test/harness/main.ts', '--quick'] },
]

exitWithParent()
process.exitCode = await main()

async function main(): Promise<number> {
  const codes = await Promise.all(PHASES.map(runPhase))
  return codes.every((code) => code === 0) ? 0 : 1
}

async function runPhase({ name, argv }: Phase): Promise<number> {
  const started = performance.now()
  const { code = 1, output } = await runToEnd([process.execPath, ...argv], {
    cwd: ROOT,
    env: environment(),
    timeoutMs: PHASE_MS_MAX,
  })
  const lines = output.trimEnd().split('\n')
  if (code !== 0) for (const line of lines) print(line)
  const ending = name === 'unit' ? (lines.at(-1) ?? '') : code === 0 ? 'clean' : 'see above'
  printPhase(name, performance.now() - started, code === 0 ? ending : `FAILED: ${ending}`)
  return code
}

function environment(): Record<string, string> {
  const all = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  return { ...Object.fromEntries(all), NO_COLOR: '1' }
}
