import { failed, type PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import { nodejsFailures } from '../../texts/failures/nodejs.ts'
import { behind } from '../../texts/failures/others-too.ts'
import { verbatim } from '../../words.ts'
import { askedAt } from '../asked.ts'
import type { Stage } from '../runtime.ts'
import type { Meaning } from './explain/meaning.ts'
import { NPM_MEANINGS } from './explain/npm.ts'
import { PNPM_MEANINGS } from './explain/pnpm.ts'
import { YARN_MEANINGS } from './explain/yarn.ts'

/** By the tool that a stage runs. */
const MEANINGS: Readonly<Record<string, readonly Meaning[]>> = {
  npm: NPM_MEANINGS,
  Yarn: YARN_MEANINGS,
  pnpm: PNPM_MEANINGS,
}

/** npm's manual page, which it prints after what it has to say, and its notes on its own log. */
const NOISE = /^npm (?:error|ERR!) (?:Log files were|A complete log|\s*[\w:.\\/-]+-debug-\d\.log)/
const MANUAL = /^npm (?:error|ERR!) (?:Clean install a project|Install a package|Usage:)/

/** The stages that fetch a package manager (install/fetch-tool.ts). */
const OWN_STAGE = /^(?:npm ci|hash) of (.+)$/

/** Lines that a failure shows of them. */
const OUTPUT_LINES_MAX = 40

/** Tells a dependency that does not exist from a registry that is away, by the tool's own words. */
export function explain(stage: Stage, result: ToolResult): PacklineError | undefined {
  const [tool] = stage.tools
  if (tool?.name === 'esbuild') return explainBundle(result)
  const own = OWN_STAGE.exec(stage.name)?.[1]
  if (own && /EINTEGRITY|^wanted /m.test(result.stderr)) return explainHash(own, result)
  // Not the last lines alone: npm ends some errors with a manual page of a hundred.
  const said = tool?.name === 'npm' ? result.stderr : `${result.stdout}\n${result.stderr}`
  const lines = said.split('\n').filter((line) => line !== '' && !NOISE.test(line))
  const manual = lines.findIndex((line) => MANUAL.test(line))
  const output = (manual < 0 ? lines : lines.slice(0, manual)).slice(-OUTPUT_LINES_MAX)
  const text = lines.join('\n')
  for (const { pattern, code, detail, hint, about } of MEANINGS[tool?.name ?? ''] ?? []) {
    const found = pattern.exec(text)
    if (!found) continue
    const named = found.slice(1).find((group) => group !== undefined) ?? ''
    const dependency = about?.exec(text)?.[1] ?? named.replace(/(?<=.)@.*$/, '')
    const told = behind(detail(stage.name, named), askedAt(stage, dependency))
    return failed(code, { detail: told, hint }, { output })
  }
  return undefined
}

/** The first mistake with its place; `bundle.mjs` says each in a line. */
function explainBundle({ stderr, output }: ToolResult): PacklineError | undefined {
  const found = /^(\S.*?:\d+:\d+: )error: (.+)$/m.exec(stderr)
  if (!found) return undefined
  return failed('COMPILE_FAILED', { detail: verbatim(`${found[1]}${found[2]}`) }, { output })
}

/** What package.json names is not what the registry has. */
function explainHash(tool: string, { stderr, output }: ToolResult): PacklineError {
  const [differs = ''] = /\bwanted [^\n]+/.exec(stderr) ?? []
  return failed('INSTALL_FAILED', nodejsFailures.hashDiffers(tool, differs), { output })
}
