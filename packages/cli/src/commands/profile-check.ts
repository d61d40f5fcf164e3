import { type PlatformSdk, platformSdk } from '@packline/engine'
import { loadProfile } from '@packline/profiles'
import type { Profile } from '@packline/shared'
import { size } from '@packline/terminal'
import { row } from '../rows.ts'
import type { Terminal } from '../terminal.ts'

/** `packline profile check`: says that a profile is right, or every mistake in it. */
export async function profileCheck(
  { stdout }: Terminal,
  nameOrPath: string,
  options: { json?: boolean },
): Promise<number> {
  const profile = await loadProfile(nameOrPath)
  const sdk = await platformSdk(profile)
  if (options.json) {
    stdout.write(`${JSON.stringify({ ...profile, sdk })}\n`)
    return 0
  }
  stdout.write(`${row('profile', `${profile.title} (${profile.name}) is right`)}\n`)
  for (const [name, runtime] of Object.entries(profile.runtimes)) {
    const versions = runtime.versions.map(({ version }) => version).join(', ')
    stdout.write(`${row(name, `${versions} (default ${runtime.default})`)}\n`)
  }
  stdout.write(`${row('bucket', bucketText(profile))}\n`)
  stdout.write(`${row('sdk', sdkText(sdk))}\n`)
  return 0
}

function bucketText({ deployment, limits }: Profile): string {
  const large = `packages above ${size(limits.directDeployBytesMax)}`
  return deployment?.bucket === undefined
    ? `none: ${large} are not put where functions take them from`
    : `${deployment.bucket}, for ${large}`
}

function sdkText(sdk: PlatformSdk | undefined): string {
  if (!sdk) return "none: own declarations stand in for Java's, and Go code has to bring it"
  const jars = sdk.java.map(({ name, classes, maven }) => {
    const count = classes === 1 ? '1 class' : `${classes} classes`
    return `java: ${name}, ${count}${maven === undefined ? '' : `, ${maven}`}`
  })
  const go = sdk.go === undefined ? [] : [`go: ${sdk.go}`]
  return [sdk.folder, ...jars, ...go].join('\n')
}
