import type { RegistrySettings } from '@packline/shared'

/**
 * Every password and token of the settings, as tools may print them: as it was written, without
 * its percent signs, and with its user. `files`: settings files that go along, such as Maven's.
 */
export function secretsOf(settings: RegistrySettings, files: readonly string[] = []): string[] {
  const { npm, ...others } = settings
  const addresses = Object.values(others).flatMap((part) =>
    typeof part === 'string' ? [] : Object.values(part ?? {}),
  )
  const found = [
    ...[npm?.registry ?? '', ...addresses].flatMap(inAddress),
    ...Object.entries(npm?.config ?? {}).flatMap(inNpmConfig),
    ...files.flatMap(inXml),
  ]
  return [...new Set(found)]
}

function inAddress(text: string): string[] {
  const users = [...text.matchAll(/(?:^|:\/\/|[\s,|])([^\s,|/]+)@/g)].map(([, user = '']) => user)
  return users.flatMap((user) => {
    const at = user.indexOf(':')
    // A user without a password is a token.
    const password = at < 0 ? user : user.slice(at + 1)
    // As a header has it, too.
    return [user, password, decoded(password), Buffer.from(decoded(user)).toString('base64')]
  })
}

function inNpmConfig([name, value]: [string, string]): string[] {
  if (name.endsWith(':registry')) return inAddress(value)
  if (name.endsWith(':username') || name.endsWith(':email')) return []
  if (name.endsWith(':_authToken')) return [value]
  // The others are base64 of `user:password`, or of the password.
  const text = Buffer.from(value, 'base64').toString('utf8')
  return [value, text, text.slice(text.indexOf(':') + 1)]
}

function inXml(text: string): string[] {
  return [...text.matchAll(/<(?:password|passphrase)>\s*([^<]+?)\s*</g)].map(
    ([, secret = '']) => secret,
  )
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A percent sign that stands for itself.
    return text
  }
}
