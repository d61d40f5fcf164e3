import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtElsewhere } from '../harness/build-elsewhere.ts'
import { cloneTree } from '../harness/clone.ts'
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
