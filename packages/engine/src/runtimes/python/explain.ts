import { type FailureCode, PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import type { Stage } from '../runtime.ts'
import { type InstallJob, JOB, LIST } from './install-job.ts'
import { placeIn } from './manifests/install-list.ts'

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
const WHEEL_HINT = 'Take a version that has a wheel, or put one into the source and name its path.'

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
    pattern: /Hash mismatch for `([^`]+)`|DO NOT MATCH THE HASHES[\s\S]*?\n\s+(\S+) from/,
    tell: ([, byUv, byPip], stage) => {
      const name = byUv ?? byPip
      return {
        code: 'INSTALL_FAILED',
        detail: `${name} is not the file that the hash names${asked(name, stage)}`,
        hint: 'Make the hashes anew, and look why the file changed.',
      }
    },
  },
  {
    pattern: /^packline: (\S+) can not be built: No matching distribution found for \1$/m,
    tell: ([, name], stage) => ({
      code: 'DEPENDENCY_NOT_FOUND',
      detail: `the registry has no ${name} for ${targetOf(stage)}${asked(name, stage)}`,
      hint: NAME_HINT,
    }),
  },
  {
    pattern: /^packline: (\S+) can not be built: (.*)$/m,
    tell: ([, name, why], stage) => ({
      code: 'INSTALL_FAILED',
      detail: `${name} has no wheel for ${targetOf(stage)}, and could not be built${asked(name, stage)}: ${why}`,
      hint: WHEEL_HINT,
    }),
  },
  {
    pattern: /Because (\S+) was not found in the package registry/,
    tell: ([, name], stage) => ({
      code: 'DEPENDENCY_NOT_FOUND',
      detail: `the registry has no package "${name}"${asked(name, stage)}`,
      hint: NAME_HINT,
    }),
  },
  {
    pattern: /(\S+) ha(?:s|ve) no (?:usable )?wheels/,
    tell: ([, name], stage) => ({
      code: 'INSTALL_FAILED',
      detail: `${name} has no wheel for ${targetOf(stage)}${asked(name, stage)}`,
      hint: WHEEL_HINT,
    }),
  },
  {
    pattern:
      /there (?:is|are) no versions? of (\S+?),? (?:and|in|we)|only (\S+) (?:is|are) available/,
    tell: ([, wanted, most], stage) => ({
      code: 'DEPENDENCY_NOT_FOUND',
      detail: wanted
        ? `the registry has no ${wanted}${asked(wanted, stage)}`
        : `the registry has only ${most} of what is asked for${asked(most, stage)}`,
      hint: NAME_HINT,
    }),
  },
  {
    pattern:
      /Hashes are required in --require-hashes mode[\s\S]*?\n\s+(\S+) --hash|a hash, but none were provided for: (\S+)/,
    tell: ([, byPip, byUv], stage) => {
      const name = byPip ?? byUv
      return {
        code: 'MANIFEST_INVALID',
        detail: `${name} has no hash, and others have${asked(name, stage)}`,
        hint: 'Give every line its hashes, those of what it needs in turn too (pip-compile --generate-hashes).',
      }
    },
  },
  {
    pattern: /(\S+\.whl) is not a supported wheel on this platform/,
    tell: ([, path], stage) => ({
      code: 'INSTALL_FAILED',
      detail: `${nameOf(path)} does not fit ${targetOf(stage)}`,
      hint: 'Put the wheel for this Python and platform into the source.',
    }),
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

/** The line of the source that asks for it: " (requirements.txt, line 3)". */
function asked(requirement: string | undefined, { files }: Stage): string {
  const name = /^[\w.-]*\w/.exec(requirement ?? '')?.[0]
  const place = name === undefined ? undefined : placeIn(files?.[LIST] ?? '', name)
  return place === undefined ? '' : ` (${place})`
}

/** What the wheels had to fit. */
function targetOf({ files }: Stage): string {
  const { python, architecture, glibc }: InstallJob = JSON.parse(files?.[JOB] ?? '{}')
  return `Python ${python} on ${architecture} with glibc 2.${glibc.at(-1)}`
}

function nameOf(path: string | undefined): string {
  return path?.split('/').at(-1) ?? 'a wheel'
}
