import { type DependencyUsers, dependencyRef, failed, type PacklineError } from '@packline/shared'
import { answer } from './answer.ts'
import type { Context } from './context.ts'
import { change } from './lasting/change.ts'
import { noDependency } from './read-dependencies.ts'
import { conflicts } from './texts/conflicts.ts'

/** How many of those who use a revision are named. */
const USERS_NAMED_MAX = 20

/** Who uses a revision; nobody where there is none. */
export async function readUsers(
  context: Context,
  tenant: string,
  ref: { name: string; revision: number },
): Promise<DependencyUsers> {
  const key = context.keys.dependencyUsers(tenant, dependencyRef(ref))
  const [count, some] = await answer(
    Promise.all([context.redis.scard(key), context.redis.srandmember(key, USERS_NAMED_MAX)]),
  )
  return { count, ...toUsers(some) }
}

/** One revision or all. Throws NOT_FOUND, or CONFLICT with who uses one of them. */
export async function dropDependency(
  context: Context,
  tenant: string,
  name: string,
  revision?: number,
): Promise<{ dropped: number }> {
  const given = revision ?? ''
  const dropped = await change(context, 'drop', tenant, name, given, USERS_NAMED_MAX)
  const [what, ...rest] = dropped as [string, ...unknown[]]
  if (what === 'dropped') return { dropped: Number(rest[0]) }
  if (what === 'missing') {
    throw noDependency(revision === undefined ? name : dependencyRef({ name, revision }))
  }
  const [ref, count, some] = rest as [string, number, string[]]
  throw inUse(ref, { count, ...toUsers(some) })
}

function toUsers(some: readonly string[]): Pick<DependencyUsers, 'functions' | 'builds'> {
  const named = (kind: string) =>
    some
      .filter((user) => user.startsWith(`${kind} `))
      .map((user) => user.slice(kind.length + 1))
      .sort()
  return { functions: named('function'), builds: named('build') }
}

function inUse(ref: string, { count, functions, builds }: DependencyUsers): PacklineError {
  const others = count - functions.length - builds.length
  return failed('CONFLICT', conflicts.dependencyInUse(ref, { functions, builds, others }))
}
