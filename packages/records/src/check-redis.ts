import { PacklineError } from '@packline/shared'
import { answer } from './answer.ts'

const VERSION_MIN = [6, 2] as const

/**
 * Refuses a Redis that would lose builds: eviction would drop records and jobs at any time. Throws
 * RECORDS_UNAVAILABLE with how to mend it; `appendOnly: false` is for the caller to warn about.
 */
export async function checkRedis(redis: {
  info(): Promise<string>
}): Promise<{ version: string; appendOnly: boolean }> {
  const fields = parse(await answer(redis.info()))
  const version = fields.get('redis_version') ?? 'unknown'
  const policy = fields.get('maxmemory_policy') ?? 'unknown'
  if (policy !== 'noeviction') {
    throw new PacklineError(
      'RECORDS_UNAVAILABLE',
      `Redis has maxmemory-policy "${policy}"; expected "noeviction": it would evict builds`,
      { hint: 'Start it with --maxmemory-policy noeviction, or CONFIG SET it and CONFIG REWRITE.' },
    )
  }
  if (!atLeast(version)) {
    throw new PacklineError(
      'RECORDS_UNAVAILABLE',
      `Redis has version ${version}; expected ${VERSION_MIN.join('.')} or newer`,
      { hint: 'Install a newer Redis or Valkey and give its URL.' },
    )
  }
  return { version, appendOnly: fields.get('aof_enabled') === '1' }
}

function parse(info: string): Map<string, string> {
  const lines = info.split(/\r?\n/).filter((line) => line.includes(':'))
  return new Map(lines.map((line) => cut(line)))
}

function cut(line: string): [string, string] {
  const at = line.indexOf(':')
  return [line.slice(0, at), line.slice(at + 1)]
}

function atLeast(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > VERSION_MIN[0] || (major === VERSION_MIN[0] && minor >= VERSION_MIN[1])
}
