import type { Component } from '../../component.ts'

/** A custom runtime has no libraries of its own kind; those of other languages their own find. */
export async function components(): Promise<Component[]> {
  return []
}
