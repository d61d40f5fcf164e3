import type { Finding } from '@packline/shared'

/** All that can be said of a custom runtime is said of its bootstrap: rules/bootstrap.ts. */
export async function check(): Promise<readonly Finding[]> {
  return []
}
