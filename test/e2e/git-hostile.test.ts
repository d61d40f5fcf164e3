import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findIsolation } from '@packline/engine'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { type TestEngine, testEngine } from '../harness/engine.ts'
import { serveRepositories } from '../harness/git-server.ts'
import { HOSTILE_GIT, type HostileGit, makeTemplate } from '../harness/hostile-git.ts'
import { needs } from '../harness/needs.ts'

const KINDS = ['in a sandbox', 'without one'] as const
const engines = new Map<string, TestEngine>()
const [tried, through] = [new Set<string>(), [] as string[]]

beforeAll(async () => {
  const open = await findIsolation({ unsandboxed: true })
  engines.set('in a sandbox', await testEngine())
  engines.set('without one', await testEngine({ isolation: open }))
})
afterAll(async () => {
  for (const engine of engines.values()) await engine.close()
})

/** Builds what is hostile; the trap is what a command of its own would leave. */
async function meet({ title, spec, files, mayBeRefused }: HostileGit, kind: string) {
  const folder = await mkdtemp(join(tmpdir(), 'packline-git-hostile-'))
  const server = await serveRepositories(folder)
  const trap = join(folder, 'trapped')
  try {
    // In a sandbox git is another user.
    await chmod(folder, 0o777)
    const source = await spec({ folder, trap, url: server.url })
    await setTraps(folder, trap)
    const found = await build(source, kind)
    tried.add(`${kind} ${title}`)
    const isTrapped = existsSync(trap)
    const isExpected = (mayBeRefused && !found) || `${found}` === `${files}`
    if (isTrapped || !isExpected) through.push(`${title}: ${found}`)
    expect({ found, isTrapped }).toEqual({ found: isExpected ? found : files, isTrapped: false })
  } finally {
    vi.unstubAllEnvs()
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the worker itself was started with is told to no git. */
async function setTraps(folder: string, trap: string) {
  await makeTemplate(join(folder, 'template'), trap)
  const settings = [`core.fsmonitor=touch ${trap}`, `core.hooksPath=${folder}/template/hooks`]
  vi.stubEnv('GIT_CONFIG_PARAMETERS', settings.map((one) => `'${one}'`).join(' '))
  vi.stubEnv('GIT_SSH_COMMAND', `touch ${trap}`)
  vi.stubEnv('GIT_PROXY_COMMAND', `touch ${trap}`)
}

/** The files of the package, or undefined where it was refused. */
async function build(source: object, kind: string): Promise<string[] | undefined> {
  const request = {
    function: 'hello',
    runtime: 'custom',
    handler: 'any',
    source: { kind: 'git', ref: 'main', ...source },
    build: { load: false },
  }
  try {
    const made = await engines.get(kind)?.build(request as never)
    if (made?.outcome.status !== 'succeeded') {
      expect(made?.outcome).toMatchObject({ failure: { blame: 'caller' } })
      return undefined
    }
    return execFileSync('unzip', ['-Z1', made.path ?? ''], { encoding: 'utf8' })
      .trim()
      .split('\n')
  } catch (error) {
    // The API refuses it before there is a build.
    if (error instanceof z.ZodError) return undefined
    throw error
  }
}

describe.each(KINDS)('%s nothing comes of it that', (kind) => {
  for (const hostile of HOSTILE_GIT) {
    test(hostile.title, async (context) => {
      needs(context, 'git', 'unzip')
      if (kind === 'in a sandbox') needs(context, 'sandbox')
      await meet(hostile, kind)
    })
  }
})

test('of more than thirty, each twice, none got through', () => {
  process.stdout.write(`git: ${tried.size} tried, ${through.length} got through\n`)
  expect(tried.size).toBe(2 * HOSTILE_GIT.length)
  expect(HOSTILE_GIT.length).toBeGreaterThan(30)
  expect(through).toEqual([])
})
