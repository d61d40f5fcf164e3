import type { BuildRequest } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import { namesSecret } from './find-assignments.ts'
import { type Hider, makeHider } from './hider.ts'

/**
 * The build's surroundings, whose reporter tells nothing of the secrets that are known, and which
 * know those of the request's own command as well.
 */
export function guarded(request: BuildRequest, context: BuildContext): BuildContext {
  const { reporter, registries } = context
  const own = argumentSecrets(request.build.command ?? [])
  const secrets = () => [...(context.secrets?.() ?? []), ...own]
  let hider = makeHider([])
  let known = 0
  const current = () => {
    const all = [...registries.secrets, ...secrets()]
    // More become known as credentials are opened; none is forgotten.
    if (all.length !== known) hider = makeHider(all)
    known = all.length
    return hider
  }
  return {
    ...context,
    secrets,
    reporter: {
      event: (body) => reporter.event(withoutSecrets(body, current())),
      log: (line) => reporter.log(line),
      pin: (pin) => reporter.pin(pin),
    },
  }
}

/** What stands in arguments under the name of a secret: `TOKEN=x`, `--token=x`, `--token x`. */
export function argumentSecrets(command: readonly string[]): string[] {
  return command.flatMap((argument, at) => {
    const [, name = '', value] = /^-{0,2}([\w.-]+)=(.+)$/s.exec(argument) ?? []
    if (value !== undefined) return namesSecret(name) ? [value] : []
    const next = command[at + 1]
    const isNamed = /^--?[\w.-]+$/.test(argument) && namesSecret(argument)
    return isNamed && next !== undefined && !next.startsWith('-') ? [next] : []
  })
}

/** The same, each text in it without secrets. */
export function withoutSecrets<T>(value: T, hider: Hider): T {
  if (typeof value === 'string') return hider.text(value) as T
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, hider)) as T
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, item]) => [name, withoutSecrets(item, hider)])
  return Object.fromEntries(members) as T
}
