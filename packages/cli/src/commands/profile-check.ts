import { loadProfile } from '@packline/profiles'
import { row } from '../rows.ts'
import type { Terminal } from '../terminal.ts'

/** `packline profile check`: says that a profile is right, or every mistake in it. */
export async function profileCheck(
  { stdout }: Terminal,
  nameOrPath: string,
  options: { json?: boolean },
): Promise<number> {
  const profile = await loadProfile(nameOrPath)
  if (options.json) {
    stdout.write(`${JSON.stringify(profile)}\n`)
    return 0
  }
  stdout.write(`${row('profile', `${profile.title} (${profile.name}) is right`)}\n`)
  for (const [name, runtime] of Object.entries(profile.runtimes)) {
    const versions = runtime.versions.map(({ version }) => version).join(', ')
    stdout.write(`${row(name, `${versions} (default ${runtime.default})`)}\n`)
  }
  return 0
}
