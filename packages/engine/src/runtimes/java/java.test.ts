import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openArchive } from '@packline/archive'
import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestBuild, type TestEngine, testEngine } from '../../../../../test/harness/engine.ts'

const LIMITS = { entriesMax: 1000, unpackedBytesMax: 1e8, ratioMax: 1100 }
const MINUTES = 60_000

const HELLO = `package com.example;

import com.huawei.services.runtime.Context;

/** 你好 */
public class Hello {
  public void start(Context context) {}

  public String handle(String event, Context context) {
    return "你好 " + event;
  }
}
`

let engine: TestEngine
let folder: string
beforeAll(async () => {
  engine = await testEngine()
  folder = mkdtempSync(join(tmpdir(), 'packline-java-'))
}, MINUTES)
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await engine.close()
})

function request(
  files: Record<string, string>,
  more: Partial<BuildRequestInput> = {},
): BuildRequestInput {
  return {
    function: 'hello',
    runtime: 'java',
    handler: 'com.example.Hello.handle',
    source: { kind: 'inline', files },
    ...more,
  }
}

async function entriesOf(build: TestBuild): Promise<string[]> {
  const archive = await openArchive({ path: build.path ?? '' }, { limits: LIMITS })
  const paths = archive.entries.filter(({ kind }) => kind !== 'folder').map(({ path }) => path)
  await archive.close()
  return paths
}

function failureOf({ outcome }: TestBuild) {
  if (outcome.status === 'succeeded') throw new Error('the build succeeded')
  return outcome.failure
}

function upload(bytes: Buffer) {
  const id = createHash('sha256').update(bytes).digest('hex')
  return { uploads: { [id]: bytes }, source: { kind: 'upload', upload: id } as const }
}

describe('plain sources', () => {
  it.each(['Hello.java', 'src/com/example/Hello.java', 'src/main/java/com/example/Hello.java'])(
    '%s becomes one jar that the JVM of its release loads',
    async (path) => {
      const build = await engine.build(
        request({ [path]: HELLO }, { initializer: 'com.example.Hello.start' }),
      )
      expect(build.outcome).toMatchObject({
        status: 'succeeded',
        package: { format: 'jar' },
        report: { verdict: { verdict: 'proved' }, findings: [] },
      })
      expect(await entriesOf(build)).toEqual(['META-INF/MANIFEST.MF', 'com/example/Hello.class'])
    },
    MINUTES,
  )
})
