import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtElsewhere } from '../harness/build-elsewhere.ts'
import { cloneTree } from '../harness/clone.ts'
import { testEngine } from '../harness/engine.ts'
import { git, makeRepository } from '../harness/git-server.ts'
import { has, needs } from '../harness/needs.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

/** Says where it was compiled, if anything does. */
const SOURCE = `package main

// #include <string.h>
import "C"

import (
	"fmt"
	"runtime"
)

// Handler counts by C.
func Handler(payload []byte, ctx interface{}) (interface{}, error) {
	_, file, line, _ := runtime.Caller(0)
	return fmt.Sprint(file, line, C.strlen(C.CString(string(payload)))), nil
}

func main() { fmt.Println(Handler(nil, nil)) }
`
const FILES = { 'hello.go': SOURCE, 'go.mod': 'module example.com/hello\n\ngo 1.22\n' }

/** Ordinary users that no machine has; without root everything runs as who tests. */
const USERS = has('root') ? [45_001, 45_002] : [undefined, undefined]

test('two clones, two users and two cold caches make the same bytes', async (context) => {
  needs(context, 'go', 'compiler', 'git')
  const folder = temporaryFolder()
  await chmod(folder, 0o711)
  await makeRepository(join(folder, 'origin'), FILES)
  const built = await Promise.all([
    builtIn(join(folder, 'one'), join(folder, 'origin'), { umask: '022', user: USERS[0] }),
    builtIn(join(folder, 'another, deeper/two'), join(folder, 'origin'), {
      umask: '077',
      user: USERS[1],
    }),
  ])
  expect(built[1]).toEqual(built[0])
  expect(new Set(built[0]).size).toBe(2)
}, 600_000)

test('fetched modules give the same bytes with a cold and a warm cache', async (context) => {
  needs(context, 'go')
  const fixture = join(import.meta.dirname, '../fixtures/go/with-deps/files')
  const [mod, sum] = ['go.mod', 'go.sum'].map((name) => readFileSync(join(fixture, name), 'utf8'))
  const main = `package main

import (
	"fmt"

	"github.com/pkg/errors"
)

func main() { fmt.Println(errors.New("你好")) }
`
  const files = { 'main.go': main, 'go.mod': mod ?? '', 'go.sum': sum ?? '' }
  const requests = [
    {
      function: 'same',
      runtime: 'go' as const,
      handler: 'hello',
      source: { kind: 'inline' as const, files },
      build: { load: false },
    },
  ]
  const cacheFolder = temporaryFolder()
  const there = { timeZone: 'Pacific/Marquesas', umask: '077', cacheFolder }
  const here = await builtElsewhere(requests, { timeZone: 'UTC', umask: '022' })
  const cold = await builtElsewhere(requests, there)
  const warm = await builtElsewhere(requests, there)
  expect([cold, warm]).toEqual([here, here])
}, 600_000)

/** Code that takes a number from beside its own folder, where Go does not look for changes. */
const READING_BEYOND = {
  'C of a header': {
    header: (number: number) => `static int number(void) { return ${number}; }\n`,
    files: {
      'cmd/main.go': `package main

// #include "../inc/v.h"
import "C"

func main() { println(C.number()) }
`,
    },
  },
  'an assembler file': {
    header: (number: number) => `#define NUMBER $${number}\n`,
    files: {
      'cmd/main.go': 'package main\n\nfunc number() int32\n\nfunc main() { println(number()) }\n',
      'cmd/number_amd64.s': `#include "textflag.h"
#include "../inc/v.h"

TEXT ·number(SB), NOSPLIT, $0-4
	MOVL NUMBER, ret+0(FP)
	RET
`,
      'cmd/number_arm64.s': `#include "textflag.h"
#include "../inc/v.h"

TEXT ·number(SB), NOSPLIT, $0-4
	MOVW NUMBER, R0
	MOVW R0, ret+0(FP)
	RET
`,
    },
  },
}

for (const [what, { header, files }] of Object.entries(READING_BEYOND)) {
  test(`${what} that has changed alone is compiled anew`, async (context) => {
    needs(context, 'go', 'compiler', 'unzip')
    const engine = await testEngine({ cacheFolder: temporaryFolder() })
    const built = async (number: number) => {
      const all = { 'go.mod': 'module m\n\ngo 1.22\n', ...files, 'inc/v.h': header(number) }
      const source = { kind: 'inline', files: all } as const
      const request = { function: 'same', runtime: 'go', handler: 'hello', source } as const
      const { outcome, path = '' } = await engine.build(request)
      if (outcome.status === 'failed') throw new Error(outcome.failure.detail)
      return { printed: printedBy(path), sha256: outcome.package.sha256 }
    }
    const first = await built(111_111)
    expect(first.printed).toBe('111111')
    expect((await built(222_222)).printed).toBe('222222')
    expect(await built(111_111)).toEqual(first)
    await engine.close()
  }, 600_000)
}

/** What the executable of a package says. */
function printedBy(path: string): string {
  const folder = temporaryFolder()
  execFileSync('unzip', ['-q', path, '-d', folder])
  return spawnSync(join(folder, 'hello'), { encoding: 'utf8' }).stderr.trim()
}

/** A user's own clone of Packline, clone of the source, cache and scratch. */
async function builtIn(
  folder: string,
  origin: string,
  { umask, user }: { umask: string; user: number | undefined },
): Promise<string[]> {
  const [clone, source, cacheFolder] = ['packline', 'source', 'home'].map((name) => {
    return join(folder, name)
  }) as [string, string, string]
  await mkdir(cacheFolder, { recursive: true, mode: 0o755 })
  await cloneTree(clone)
  git(folder, 'clone', '-q', origin, source)
  if (user !== undefined) execFileSync('chown', ['-R', `${user}:${user}`, folder])
  const requests = ['hello', 'hello.Handler'].map((handler) => ({
    function: 'same',
    runtime: 'go' as const,
    handler,
    source: { kind: 'folder' as const, path: source },
    build: { load: false },
  }))
  const timeZone = umask === '022' ? 'UTC' : 'Pacific/Marquesas'
  return builtElsewhere(requests, { timeZone, umask, cacheFolder, clone, user })
}
