import type { BuildRequest } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import { namesSecret } from './find-assignments.ts'
import { type Hider, makeHider } from './hider.ts'
import { shellWords } from './shell-words.ts'

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

/**
 * What stands in arguments under the name of a secret: `TOKEN=x`, `--token=x`, `--token x`; also
 * within one, as a shell would read it.
 */
export function argumentSecrets(command: readonly string[]): string[] {
  return [...new Set([...namedIn(command), ...command.flatMap(inShell)])]
}

/** Of words as a program gets them, where the whole value counts. */
function namedIn(words: readonly string[]): string[] {
  return words.flatMap((word, at) => {
    const [, name = '', value] = /^-{0,2}([\w.-]+)=(.+)$/s.exec(word) ?? []
    if (value !== undefined) return isSecret(name, value) ? [value] : []
    const next = words[at + 1]
    const isNamed = /^--?[\w.-]+$/.test(word) && namesSecret(word)
    return isNamed && next !== undefined && !next.startsWith('-') ? [next] : []
  })
}

/** What was in quotes is read once more: it may be a line for another shell, or an address. */
function inShell(text: string): string[] {
  const words = shellWords(text)
  const isWord = words.length === 1 && words[0] === text
  if (!isWord) return [...namedIn(words), ...words.flatMap(inShell)]
  return [...text.matchAll(/([\w.-]+)=/g)].flatMap(({ index, 0: found, 1: name = '' }) => {
    const value = text.slice(index + found.length)
    return isSecret(name, value) ? [value] : []
  })
}

/** PWD is a shell's own name for the folder that it is in. */
function isSecret(name: string, value: string): boolean {
  return namesSecret(name) && !(/^pwd$/i.test(name) && value.startsWith('/'))
}

/** The same, each text in it without secrets. */
export function withoutSecrets<T>(value: T, hider: Hider): T {
  if (typeof value === 'string') return hider.text(value) as T
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, hider)) as T
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, item]) => [name, withoutSecrets(item, hider)])
  return Object.fromEntries(members) as T
}
