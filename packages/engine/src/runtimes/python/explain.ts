import {
  type FailureCode,
  type FailureWords,
  failed,
  type PacklineError,
  type Words,
} from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import { askedAt, pythonFailures, wheelTarget } from '../../texts/failures/python.ts'
import type { Stage } from '../runtime.ts'
import { type InstallJob, JOB, LIST } from './install-job.ts'
import { placeIn } from './manifests/install-list.ts'

/** One thing that uv or pip says, and what it means to the one who asked. */
interface Reading {
  pattern: RegExp
  code: FailureCode
  tell(match: RegExpExecArray, stage: Stage): FailureWords
}

/** In the order in which they are asked: what could not be reached is never "not found". */
const READINGS: readonly Reading[] = [
  {
    pattern:
      /Failed to fetch[\s\S]*?(?:client error|dns error|timed out|server error)(?:[\s\S]*cause: ([^\n]+))?|onnection broken by '(\w+Error)/,
    code: 'REGISTRY_UNAVAILABLE',
    tell: ([, byUv, byPip], { name }) => pythonFailures.notReached(name, byUv ?? byPip),
  },
  {
    pattern: /Hash mismatch for `([^`]+)`|DO NOT MATCH THE HASHES[\s\S]*?\n\s+(\S+) from/,
    code: 'INSTALL_FAILED',
    tell: ([, byUv, byPip], stage) => {
      const name = byUv ?? byPip
      return pythonFailures.hashDiffers(name, asked(name, stage))
    },
  },
  {
    pattern: /^packline: (\S+) can not be built: No matching distribution found for \1$/m,
    code: 'DEPENDENCY_NOT_FOUND',
    tell: ([, name], stage) => pythonFailures.noneFits(name, targetOf(stage), asked(name, stage)),
  },
  {
    pattern: /^packline: (\S+) can not be built: (.*)$/m,
    code: 'INSTALL_FAILED',
    tell: ([, name, why], stage) =>
      pythonFailures.notBuilt(name, targetOf(stage), asked(name, stage), why),
  },
  {
    pattern: /Because (\S+) was not found in the package registry/,
    code: 'DEPENDENCY_NOT_FOUND',
    tell: ([, name], stage) => pythonFailures.noPackage(name, asked(name, stage)),
  },
  {
    pattern: /(\S+) ha(?:s|ve) no (?:usable )?wheels/,
    code: 'INSTALL_FAILED',
    tell: ([, name], stage) => pythonFailures.noWheel(name, targetOf(stage), asked(name, stage)),
  },
  {
    pattern:
      /there (?:is|are) no versions? of (\S+?),? (?:and|in|we)|only (\S+) (?:is|are) available/,
    code: 'DEPENDENCY_NOT_FOUND',
    tell: ([, wanted, most], stage) =>
      wanted
        ? pythonFailures.noVersion(wanted, asked(wanted, stage))
        : pythonFailures.onlyOther(most, asked(most, stage)),
  },
  {
    pattern:
      /Hashes are required in --require-hashes mode[\s\S]*?\n\s+(\S+) --hash|a hash, but none were provided for: (\S+)/,
    code: 'MANIFEST_INVALID',
    tell: ([, byPip, byUv], stage) => {
      const name = byPip ?? byUv
      return pythonFailures.noHash(name, asked(name, stage))
    },
  },
  {
    pattern: /(\S+\.whl) is not a supported wheel on this platform/,
    code: 'INSTALL_FAILED',
    tell: ([, path], stage) =>
      pythonFailures.wheelDoesNotFit(path?.split('/').at(-1), targetOf(stage)),
  },
  {
    pattern: /requirements are unsatisfiable|conflicting dependencies/,
    code: 'INSTALL_FAILED',
    tell: ({ input }, stage) => pythonFailures.conflict(namedIn(input, stage)),
  },
]

/**
 * Tells what is missing, what does not fit and what could not be reached; undefined: none of them.
 */
export function explain(stage: Stage, result: ToolResult): PacklineError | undefined {
  const text = `${result.stdout}\n${result.stderr}`
  for (const { pattern, code, tell } of READINGS) {
    const match = pattern.exec(text)
    if (match) return failed(code, tell(match, stage), { output: result.output })
  }
  return undefined
}

/** pip: what is requested and what depends on it; uv: the same within sentences. */
const IN_CONFLICT =
  /(?:The user requested|\byou require) ([\w.-]+)|([\w.-]+)[^\s,]*(?: [\d.]+\S*)? depends on/g
const IN_CONFLICT_MAX = 5

/** What of the source's own lines exclude each other, each with its place. */
function namedIn(said: string, stage: Stage): Words[] {
  const found = new Map<string, Words>()
  for (const [, ...groups] of said.matchAll(IN_CONFLICT)) {
    const name = groups.find((group) => group !== undefined) ?? ''
    const place = asked(name, stage)
    if (place.en !== '' && !found.has(place.en)) {
      found.set(place.en, { en: `${name}${place.en}`, zh: `${name}${place.zh}` })
    }
  }
  return [...found.values()].slice(0, IN_CONFLICT_MAX)
}

/** The line of the source that asks for it: " (requirements.txt, line 3)". */
function asked(requirement: string | undefined, { files }: Stage): Words {
  const name = /^[\w.-]*\w/.exec(requirement ?? '')?.[0]
  const place = name === undefined ? undefined : placeIn(files?.[LIST] ?? '', name)
  return askedAt(place)
}

/** What the wheels had to fit. */
function targetOf({ files }: Stage): Words {
  const { python, architecture, glibc }: InstallJob = JSON.parse(files?.[JOB] ?? '{}')
  return wheelTarget(python, architecture, Number(glibc.at(-1)))
}
