import type { Stage } from '../runtime.ts'

/** The platform starts this file, whatever the handler says. */
export function entries(): readonly string[] {
  return ['bootstrap']
}

/**
 * Nothing is run: a custom runtime brings all that it needs. A build command has its place here.
 */
export async function plan(): Promise<readonly Stage[]> {
  return []
}

/** There is no stage that could fail. */
export function explain(): undefined {
  return undefined
}
