import { type FailureCode, PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import type { Stage } from '../runtime.ts'

interface Told {
  code: FailureCode
  detail: string
  hint?: string
}

/** One thing that uv or pip says, and what it means to the one who asked. */
interface Reading {
  pattern: RegExp
  tell(match: readonly string[], stage: Stage): Told
}

const NAME_HINT = 'Look at the name and the version; the registry lists what there is.'
const WHEEL_HINT = 'Take a version that has such a wheel; sources are not compiled here.'

/** In the order in which they are asked: what could not be reached is never "not found". */
const READINGS: readonly Reading[] = [
  {
    pattern:
      /Failed to fetch[\s\S]*?(?:client error|dns error|timed out|server error)(?:[\s\S]*cause: ([^\n]+))?|onnection broken by '(\w+Error)/,
    tell: ([, byUv, byPip], stage) => ({
      code: 'REGISTRY_UNAVAILABLE',
      detail: `${stage.name} could not reach the registry: ${byUv ?? byPip ?? 'no answer'}`,
    }),
  },
  {
    pattern: /Because (\S+) was not found in the package registry/,
    tell: ([, name]) => ({
      code: 'DEPENDENCY_NOT_FOUND',
      detail: `the registry has no package "${name}"`,
      hint: NAME_HINT,
    }),
  },
  {
    pattern:
      /there (?:is|are) no versions? of (\S+?),? (?:and|in|we)|only (\S+) (?:is|are) available/,
    tell: ([, asked, most]) => ({
      code: 'DEPENDENCY_NOT_FOUND',
      detail: asked
        ? `the registry has no ${asked}`
        : `the registry has only ${most} of what is asked for`,
      hint: NAME_HINT,
    }),
  },
  {
    pattern: /(?:Because|because) (?:only )?(\S+) has no (?:usable )?wheels/,
    tell: ([, name], stage) => ({
      code: 'INSTALL_FAILED',
      detail: `${name} has no wheel for ${targetOf(stage)}`,
      hint: WHEEL_HINT,
    }),
  },
  {
    pattern: /requirement (\S+)[^\n]* \(from versions: none\)/,
    tell: ([, name], stage) => ({
      code: 'DEPENDENCY_NOT_FOUND',
      detail: `the registry has no package "${name}", or no wheel of it for ${targetOf(stage)}`,
      hint: `${NAME_HINT} ${WHEEL_HINT}`,
    }),
  },
  {
    pattern: /requirement (\S+)[^\n]* \(from versions: ([^)]+)\)/,
    tell: ([, name, versions = ''], stage) => ({
      code: 'DEPENDENCY_NOT_FOUND',
      detail: `the registry has no ${name} for ${targetOf(stage)}; it has ${lastOf(versions)}`,
      hint: NAME_HINT,
    }),
  },
  {
    pattern: /Hash mismatch for `([^`]+)`|DO NOT MATCH THE HASHES[\s\S]*?\n\s+(\S+) from/,
    tell: ([, byUv, byPip]) => ({
      code: 'INSTALL_FAILED',
      detail: `${byUv ?? byPip} is not the file that the requirements' hash names`,
      hint: 'Make the hashes anew, and look why the file changed.',
    }),
  },
  {
    pattern: /Couldn't parse requirement in `([^`]+)`[\s\S]*?cause: ([^\n]+)/,
    tell: ([, file, reason]) => invalid(`${nameOf(file)}: ${reason}`),
  },
  {
    pattern: /Invalid requirement: '([^']*)'[^\n]*?(?:line (\d+) of (\S+?)\))/,
    tell: ([, text, line, file]) =>
      invalid(`${nameOf(file)}, line ${line}: "${text}" is no requirement`),
  },
  {
    pattern: /requirements are unsatisfiable|conflicting dependencies/,
    tell: () => ({
      code: 'INSTALL_FAILED',
      detail: 'the dependencies ask for versions of one package that exclude each other',
      hint: 'The last lines of the output name them: loosen one of the versions.',
    }),
  },
]

/**
 * Tells what is missing, what does not fit and what could not be reached; undefined: none of them.
 */
export function explain(stage: Stage, result: ToolResult): PacklineError | undefined {
  const text = `${result.stdout}\n${result.stderr}`
  for (const { pattern, tell } of READINGS) {
    const match = pattern.exec(text)
    if (!match) continue
    const { code, detail, hint } = tell(match, stage)
    return new PacklineError(code, detail, { hint, output: result.output })
  }
  return undefined
}

function invalid(detail: string): Told {
  return {
    code: 'MANIFEST_INVALID',
    detail,
    hint: 'One requirement in a line, such as requests==2.32.3.',
  }
}

/** What the wheels had to fit, as the command line says it. */
function targetOf({ argv }: Stage): string {
  const after = (flag: string) => argv[argv.indexOf(flag) + 1] ?? ''
  const platform = argv.includes('--python-platform') ? '--python-platform' : '--platform'
  const architecture = after(platform).includes('aarch64') ? 'aarch64' : 'x86_64'
  const glibc = /manylinux_2_(\d+)/.exec(after(platform))?.[1]
  return `Python ${after('--python-version')} on ${architecture} with glibc 2.${glibc}`
}

function lastOf(versions: string): string {
  const list = versions.split(', ')
  return list.length > 5 ? `... ${list.slice(-5).join(', ')}` : list.join(', ')
}

function nameOf(path: string | undefined): string {
  return path?.split('/').at(-1) ?? 'requirements.txt'
}
