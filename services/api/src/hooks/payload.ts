import type { Payload, Told } from './provider.ts'

const ZEROS = /^0+$/

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

/** Those members of an object below the payload that are texts. */
export function texts(payload: Payload, member: string, names: readonly string[]): string[] {
  const below = payload[member]
  if (typeof below !== 'object' || below === null) return []
  return names.flatMap((name) => text(Reflect.get(below, name)) ?? [])
}

/** What all providers call the same: a ref, where it was and where it is now. */
export function readPush(payload: Payload): Omit<Told, 'repositories' | 'name'> {
  const ref = text(payload.ref)
  const before = text(payload.before)
  const after = text(payload.after)
  return {
    event: ref?.startsWith('refs/tags/') ? 'tag' : 'push',
    ref,
    before,
    after,
    forced: flag(payload.forced),
    created: flag(payload.created) ?? (before !== undefined && ZEROS.test(before)),
    deleted: flag(payload.deleted) ?? (after !== undefined && ZEROS.test(after)),
  }
}
