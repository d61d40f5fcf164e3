import type { RegistrySettings } from '@packline/shared'

/** The settings for people, one line each and without credentials; empty when all is default. */
export function describeRegistries(settings: RegistrySettings): string[] {
  return Object.entries(settings).flatMap(([tool, value]) => {
    if (typeof value === 'string') return [`${tool} ${value}`]
    const words = Object.entries(value ?? {}).flatMap(([name, text]) =>
      typeof text === 'string' ? [`${name} ${withoutSecrets(text)}`] : npmWords(text ?? {}),
    )
    return words.length > 0 ? [`${tool}: ${words.join(', ')}`] : []
  })
}

/** Of a token nothing is shown but where it is used. */
function npmWords(config: Record<string, string>): string[] {
  return Object.entries(config).map(
    ([name, value]) => `${name} ${name.endsWith(':registry') ? withoutSecrets(value) : '***'}`,
  )
}

/** Cuts user, password and query out of every address of a list, such as GOPROXY's. */
function withoutSecrets(list: string): string {
  return list
    .split(/([\s,|]+)/)
    .map((address) => address.replace(/^([\w+.-]+:\/\/)?.*@/, '$1***@').replace(/\?.*$/, '?***'))
    .join('')
}
