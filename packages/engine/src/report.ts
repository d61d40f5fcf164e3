import { createHash } from 'node:crypto'
import {
  type BuildReport,
  dependencyRef,
  type Profile,
  RUNTIMES,
  type StoredPackage,
  withPage,
} from '@packline/shared'
import type { BuildContext } from './context.ts'
import { verdictOf } from './finding.ts'
import type { Journal } from './journal.ts'
import type { Order } from './runtimes/runtime.ts'
import { REASONS } from './texts/verdict.ts'

/** Name of the tool that loaded the finished package, beside those that made it. */
export const LOAD_CHECK = 'load check'

/** Everything a reader may want to know of the build; also of one that failed on its way. */
export function writeReport(
  order: Order,
  context: BuildContext,
  journal: Journal,
  stored?: StoredPackage,
): BuildReport {
  const { request, profile } = order
  const { limits } = profile
  const split = journal.dependencies.filter(({ from }) => from === 'split')
  return {
    schema: 1,
    buildKey: buildKey(order, journal),
    runtime: request.runtime,
    version: request.version,
    detectedBecause: journal.detection?.because ?? 'the request',
    as: journal.as?.as,
    asBecause: journal.as?.because.en,
    pin: journal.pin,
    verdict: journal.verdict ?? verdictOf('not-loaded', REASONS.notSoFar),
    findings: journal.findings.map(withPage),
    mended: journal.mended.map(({ en }) => en),
    zh: {
      asBecause: journal.as?.because.zh,
      mended: journal.mended.map(({ zh }) => zh),
    },
    test: journal.test,
    steps: journal.steps,
    tools: journal.tools,
    online: journal.online,
    largest: journal.largest,
    dependencies: journal.dependencies,
    deploy: stored && {
      direct: stored.size <= limits.directDeployBytesMax,
      objectStorage: stored.size <= limits.packageBytesMax,
    },
    isolation: context.isolation.description,
    profile: profile.name,
    package: stored,
    configuration: {
      function: request.function,
      type: request.type,
      runtime: request.runtime,
      version: request.version,
      architecture: request.architecture,
      handler: request.handler,
      initializer: request.initializer,
      dependencies: [...(request.dependencies ?? []), ...split].map(dependencyRef),
    },
  }
}

/**
 * Equal keys make equal packages: source pin, request, tools and profile, and nothing of the time.
 * What only looks at the finished package is no part of it; zlib is, whose bytes are in it.
 */
function buildKey({ request, profile }: Order, journal: Journal): string {
  const { labels, priority, source, function: name, build, test, ...rest } = request
  const { load, timeoutSeconds, ...making } = build
  // A jar inside a package is called by the function.
  const what = { ...rest, build: making, ...(RUNTIMES[request.runtime].jar && { name }) }
  const tools = journal.tools
    .filter((tool) => tool.name !== LOAD_CHECK)
    .map((tool) => [tool.name, tool.version])
  const zlib = process.versions.zlib
  // A Makefile may have a target for each function.
  const target = request.runtime === 'custom' ? name : undefined
  return digestOf([journal.pin, journal.as?.as, what, target, tools, zlib, profileDigest(profile)])
}

/** One profile serves all builds of a worker; tools' versions say what lies in its SDK. */
const profileDigests = new WeakMap<Profile, string>()

function profileDigest(profile: Profile): string {
  const digest = profileDigests.get(profile) ?? digestOf({ ...profile, sdk: undefined })
  profileDigests.set(profile, digest)
  return digest
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sortedKeys)).digest('hex')
}

/** A request keeps its meaning, whatever order its fields were stored in. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
