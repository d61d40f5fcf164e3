import { join } from 'node:path'
import type { BuildRequestInput, Finding } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { contextIn } from '../../../../test/harness/context.ts'
import { has } from '../../../../test/harness/needs.ts'
import { orderOf, subjectOf, treeOf } from '../../../../test/harness/subject.ts'
import { temporaryFolder } from '../../../../test/harness/temporary-folder.ts'
import type { BuildContext } from '../context.ts'
import { finding } from '../finding.ts'
import { RUNTIMES } from '../runtimes/registry.ts'
import type { LoadCheck, Runtime } from '../runtimes/runtime.ts'
import { REASONS } from '../texts/verdict.ts'
import { verbatim } from '../words.ts'
import { openWorkbench } from '../workbench.ts'
import { proveLoad } from './prove-load.ts'

type Command = Extract<LoadCheck, { kind: 'command' }>

interface Proving {
  request?: Partial<BuildRequestInput>
  sofar?: readonly Finding[]
  given?: Partial<BuildContext>
  /** What all tools together may take. */
  limitMs?: number
}

/** What is said of a package that is loaded so. */
async function proved(check: LoadCheck, proving: Proving = {}) {
  const { request, sofar = [], given, limitMs = 30_000 } = proving
  const folder = temporaryFolder()
  const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler', ...request })
  const made = await subjectOf(order, { 'index.js': '' })
  const code = join(folder, 'code')
  await treeOf({ 'index.js': '你好' }).moveTo(code)
  const subject = { ...made, package: { ...made.package, folder: async () => code } }
  const runtime: Runtime = { ...RUNTIMES.nodejs, load: async () => check }
  const context = await contextIn(folder, { profile: order.profile, ...given })
  const bench = openWorkbench(context, limitMs)
  try {
    const proof = await proveLoad(subject, runtime, context, bench, sofar)
    return { ...proof, log: context.told.log }
  } finally {
    await bench.close()
  }
}

/** A loader in one line of shell: it is given the token as $token. */
const loader = (script: string, more: Partial<Command> = {}): Command => ({
  kind: 'command',
  argv: ['/bin/sh', '-c', `read -r token; ${script}`],
  env: { PATH: '/usr/bin:/bin' },
  binds: [],
  loadedBy: verbatim('Shell 5.2'),
  same: true,
  ...more,
})
const YES = `echo "$token {\\"ok\\":true}"`
const no = (fields: string) => `echo "$token {\\"ok\\":false,${fields.replaceAll('"', '\\"')}}"`
const OTHER = { same: false, because: REASONS.otherVersion('Shell 4') }

describe('a handler that loads', () => {
  test('under the same version is proved', async () => {
    const { verdict, findings, tool } = await proved(loader(YES))
    expect(verdict).toEqual({
      verdict: 'proved',
      because: 'loaded by Shell 5.2',
      zh: { because: '已由 Shell 5.2 加载' },
    })
    expect(findings).toEqual([])
    expect(tool).toMatchObject({ name: 'load check', version: 'Shell 5.2' })
  })

  test('under another version, or by stand-ins, is checked, which says why', async () => {
    expect((await proved(loader(YES, OTHER))).verdict).toEqual({
      verdict: 'checked',
      because: 'loaded by Shell 5.2: the request says Shell 4',
      zh: { because: '已由 Shell 5.2 加载：请求的是 Shell 4' },
    })
    const assumed = `echo "$token {\\"ok\\":true,\\"assumed\\":[\\"express\\"]}"`
    const { verdict } = await proved(loader(assumed))
    expect(verdict).toMatchObject({ verdict: 'checked', because: expect.stringMatching(/express/) })
  })

  test('is checked where a finding says that it may not run, but not for a note', async () => {
    const said = { message: { en: 'needs glibc 2.34', zh: '需要 glibc 2.34' }, hint: verbatim('') }
    const warning = finding('target-libc', 'warning', said)
    expect((await proved(loader(YES), { sofar: [warning] })).verdict).toEqual({
      verdict: 'checked',
      because: 'loaded by Shell 5.2; target-libc: needs glibc 2.34',
      zh: { because: '已由 Shell 5.2 加载；target-libc：需要 glibc 2.34' },
    })
    const note = { ...warning, level: 'note' } as const
    const other = { ...warning, rule: 'links' } as const
    expect((await proved(loader(YES), { sofar: [note, other] })).verdict.verdict).toBe('proved')
  })

  test('is loaded out of the package, and what it prints is logged', async () => {
    const script = `cat index.js; echo; pwd; echo to-stderr >&2; ${YES}; echo after`
    const { verdict, log } = await proved(loader(script))
    expect(verdict.verdict).toBe('proved')
    const folder = has('sandbox') ? '/opt/function/code' : expect.stringContaining('code')
    expect(log).toEqual(expect.arrayContaining(['你好', folder, 'to-stderr', 'after']))
  })
})

describe('a handler that does not load', () => {
  test('under the same version is an error with its place', async () => {
    const { verdict, findings } = await proved(
      loader(no('"message":"gone","path":"a.js","line":3')),
    )
    expect(verdict.verdict).toBe('not-loaded')
    expect(findings).toMatchObject([
      { rule: 'handler-exists', level: 'error', path: 'a.js', line: 3 },
    ])
    expect(findings[0]?.message).toBe('the handler does not load under Shell 5.2: gone')
  })

  test('under another version is a warning that names both', async () => {
    const { findings } = await proved(loader(no('"message":"gone"'), OTHER))
    expect(findings).toMatchObject([{ level: 'warning' }])
    expect(findings[0]?.message).toContain('Shell 5.2 (the request says Shell 4)')
    expect(findings[0]?.zh.message).toContain('Shell 5.2（请求的是 Shell 4）')
  })

  test('for want of what only the platform has is not its fault', async () => {
    const { verdict, findings } = await proved(loader(no('"lacking":"express"')))
    expect(verdict).toMatchObject({
      verdict: 'not-loaded',
      because: "the platform's own express is not on this worker",
    })
    expect(findings).toEqual([])
  })

  test('because it ends, hangs or talks too much is told so', async () => {
    const said = async (script: string, limitMs?: number) =>
      (await proved(loader(script), { limitMs })).findings[0]?.message
    expect(await said('echo last words; exit 3')).toMatch(/exit code 3 while loading\nlast words$/)
    expect(await said('sleep 60', 2000)).toMatch(/ran for 2 s, its limit/)
    expect(await said('yes 0123456789 | head -c 20000000')).toMatch(/printed more than/)
  })

  test('as an HTTP function is told of its bootstrap', async () => {
    const request = { type: 'http', handler: undefined } as const
    const { findings } = await proved(loader(no('"message":"gone"')), { request })
    expect(findings).toMatchObject([{ rule: 'bootstrap', level: 'error' }])
    expect(findings[0]?.message).toMatch(/^the function does not start/)
  })
})

describe('a handler is not loaded', () => {
  const because = async (check: LoadCheck, proving?: Proving) => {
    const { verdict, findings } = await proved(check, proving)
    expect([verdict.verdict, findings]).toEqual(['not-loaded', []])
    return verdict.because
  }

  test('where the request, the architecture or the worker says so', async () => {
    const build = { load: false }
    expect(await because(loader(YES), { request: { build } })).toContain(
      'turned the load check off',
    )
    const architecture = process.arch === 'arm64' ? 'x86_64' : 'aarch64'
    expect(await because(loader(YES), { request: { architecture } })).toContain(architecture)
    expect(await because({ kind: 'unavailable', because: REASONS.noTool('Shell') })).toBe(
      'no Shell here',
    )
  })

  test('where it needs fixed paths and nothing fences it in', async () => {
    const context = await contextIn('')
    const isolation = { ...context.isolation, kind: 'none' } as const
    const fenced = loader(YES, { fenced: true })
    expect(await because(fenced, { given: { isolation } })).toContain('only a sandbox can give')
  })

  test('where its loader can not be made', async () => {
    const stage = {
      name: 'loader',
      argv: ['/bin/sh', '-c', 'echo no compiler; exit 1'],
      network: 'none',
      tools: [],
      because: '',
      failure: 'TOOL_MISSING',
    } as const
    const prepare = { stage, product: { from: '/build/loader/x', to: '/packline/x' } }
    expect(await because(loader(YES, { prepare }))).toBe('loader could not be made: no compiler')
  })
})

test('what was inspected is as good as loaded', async () => {
  const check = { kind: 'inspected', because: verbatim('a script for /bin/sh') } as const
  expect((await proved(check)).verdict).toMatchObject({
    verdict: 'proved',
    because: check.because.en,
  })
})

test('a worker that can not run anything is not blamed on the handler', async () => {
  const { isolation } = await contextIn('')
  const fence = isolation.fence && { ...isolation.fence, bwrap: '/bin/false' }
  const broken = { ...isolation, fence }
  if (!fence) return expect(has('sandbox')).toBe(false)
  await expect(proved(loader(YES), { given: { isolation: broken } })).rejects.toMatchObject({
    code: 'SANDBOX_FAILED',
  })
})
