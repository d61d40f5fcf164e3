import { basename } from 'node:path'
import type { Profile } from '@packline/shared'
import { operatorModule } from './runtimes/go/operator-module.ts'
import { operatorJars } from './runtimes/java/operator-jars.ts'

/** What of the platform's SDK lies beside a profile. */
export interface PlatformSdk {
  folder: string
  /** Each jar with how many classes it has, and Maven's name where it says one. */
  java: readonly { name: string; classes: number; maven?: string }[]
  /** The module's path. */
  go?: string
}

/** Undefined where there is none; throws TOOL_MISSING where something there can not be used. */
export async function platformSdk(profile: Profile): Promise<PlatformSdk | undefined> {
  const { sdk: folder } = profile
  if (folder === undefined) return undefined
  const [jars, module] = await Promise.all([operatorJars(profile), operatorModule(profile)])
  const java = jars.map(({ path, classes, maven: of }) => {
    const maven = of && `${of.group}:${of.artifact}:${of.version}`
    return { name: basename(path), classes: classes.size, maven }
  })
  return { folder, java, go: module?.path }
}
