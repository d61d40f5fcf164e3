import type { Tools } from '@packline/engine'
import type { Profile, RuntimeName } from '@packline/shared'
import { merged } from './merged.ts'

/** How much of a version a load goes by; the other runtimes have but one. */
const PARTS: Partial<Record<RuntimeName, number>> = { nodejs: 1, python: 2, java: 1 }

/**
 * A version of the runtime that this machine has, the profile's own where there is one, and the
 * profile with it: what is built for it is loaded by the function's very version on any machine.
 */
export function versionHere(
  runtime: RuntimeName,
  tools: Tools,
  profile: Profile,
): { version: string; profile: Profile } {
  const short = (version: string) => version.split('.').slice(0, PARTS[runtime]).join('.')
  const here = versionsOf(runtime, tools).map(short)
  const versions = profile.runtimes[runtime]?.versions ?? []
  const known = versions.find(({ version }) => here.includes(short(version)))
  if (known) return { version: known.version, profile }
  const [version] = here
  if (version === undefined) throw new Error(`this machine has no ${runtime}`)
  const changes = { runtimes: { [runtime]: { versions: [...versions, { version }] } } }
  return { version, profile: merged(profile, changes) as Profile }
}

function versionsOf(runtime: RuntimeName, { nodes, pythons, jdks }: Tools): string[] {
  if (runtime === 'nodejs') return nodes.map(({ version }) => version)
  if (runtime === 'python') return pythons.map(({ version }) => version)
  return runtime === 'java' ? jdks.map(({ release }) => String(release)) : []
}
