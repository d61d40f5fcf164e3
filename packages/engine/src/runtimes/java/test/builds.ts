import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Archive, openArchive } from '@packline/archive'
import type { BuildRequestInput } from '@packline/shared'
import type { TestBuild } from '../../../../../../test/harness/engine.ts'

const LIMITS = { entriesMax: 1000, unpackedBytesMax: 1e8, ratioMax: 1100 }

/** A class of a library, and a handler that needs it. */
export const LIBRARY =
  'package lib;\npublic class Text { public static String of() { return "x"; } }'
export const WITH_LIBRARY = `package com.example;
public class Hello {
  public String handle(String event) { return lib.Text.of(); }
}
`

type Files = Extract<BuildRequestInput['source'], { kind: 'inline' }>['files']

/** A request for Java 17 with the handler com.example.Hello.handle. */
export function javaRequest(
  files: Files,
  more: Partial<BuildRequestInput> = {},
): BuildRequestInput {
  const source = { kind: 'inline', files } as const
  const handler = 'com.example.Hello.handle'
  return { function: 'hello', runtime: 'java', version: '17', handler, source, ...more }
}

/** The finished package; throws with the failure where there is none. */
export async function packageOf({ outcome, path }: TestBuild): Promise<Archive> {
  if (outcome.status === 'failed') throw new Error(JSON.stringify(outcome.failure))
  return openArchive({ path: path ?? '' }, { limits: LIMITS })
}

export async function pathsOf(build: TestBuild): Promise<string[]> {
  const archive = await packageOf(build)
  await archive.close()
  return archive.entries.filter(({ kind }) => kind !== 'folder').map(({ path }) => path)
}

export async function sha256Of({ path }: TestBuild): Promise<string> {
  const bytes = await readFile(path ?? '')
  return createHash('sha256').update(bytes).digest('hex')
}

export function failureOf({ outcome }: TestBuild) {
  if (outcome.status === 'succeeded') throw new Error('the build succeeded')
  return outcome.failure
}
