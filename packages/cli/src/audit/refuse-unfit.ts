import {
  failed,
  PacklineError,
  type Profile,
  RUNTIME_NAMES,
  type RuntimeName,
  resolveWithoutHandler,
} from '@packline/shared'
import { runtimeNamed } from '../choose-local-runtime.ts'
import type { LocalDependencies } from '../local-dependencies.ts'
import { readRequest } from '../read-request.ts'
import type { FunctionOptions } from '../request-fields.ts'
import { PLACEHOLDER } from './requests.ts'

/**
 * Throws for options that no package can be checked by, whatever it is: each row would say the
 * same. A handler's form is each package's own matter.
 */
export function refuseUnfit(
  options: FunctionOptions,
  profile: Profile,
  { pins }: LocalDependencies,
): void {
  const { runtime: named, runtimeVersion = '' } = options
  const runtimes = named === undefined ? runtimesOf(profile) : [runtimeNamed(named)]
  const said = { ...options, name: 'function' }
  const faults = runtimes.map((runtime) =>
    faultOf(() => readRequest(PLACEHOLDER, runtime, said, profile, pins, resolveWithoutHandler)),
  )
  const [first, second] = faults
  if (!first || faults.includes(undefined)) return
  const areVersions = faults.every((fault) => fault?.code === 'UNKNOWN_VERSION')
  throw second && areVersions ? noSuchVersion(runtimeVersion, profile) : first
}

function runtimesOf({ runtimes }: Profile): RuntimeName[] {
  return RUNTIME_NAMES.filter((name) => runtimes[name] !== undefined)
}

function faultOf(read: () => unknown): PacklineError | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (error instanceof PacklineError) return error
    throw error
  }
}

/** Each runtime alone would name but its own versions. */
function noSuchVersion(asked: string, profile: Profile): PacklineError {
  const { title, runtimes } = profile
  const known = (comma: string) =>
    runtimesOf(profile).map((name) => {
      const versions = runtimes[name]?.versions.map(({ version }) => version) ?? []
      return `${name} ${versions.join(comma)}`
    })
  return failed('UNKNOWN_VERSION', {
    detail: {
      en: `No runtime of ${title} has a version "${asked}"`,
      zh: `${title} 没有任何运行时有版本 "${asked}"`,
    },
    hint: {
      en: `There are ${known(', ').join('; ')}.`,
      zh: `可用的有 ${known('、').join('；')}。`,
    },
  })
}
