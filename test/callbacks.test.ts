import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { callbackSchema, commitStatusSchema } from '@packline/shared'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { needs } from './harness/needs.ts'

const text = readFileSync(join(import.meta.dirname, '../docs/callbacks.md'), 'utf8')
const example = (language: string) =>
  RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(text)?.[1] ?? ''

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
const body = '{"type":"build.finished","data":{"function":"你好"}}'

function signed(at = new Date()): Record<string, string> {
  return {
    'webhook-id': 'b1-callback',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': `v1,AAAA ${new Webhook(secret).sign('b1-callback', at, body)}`,
  }
}

/** What the example says of a body: what it answers, or its error. */
type Verifier = (headers: Record<string, string>, content: string) => unknown

const inNode: Verifier = (headers, content) =>
  runs([process.execPath, '--input-type=module', '-e'], headers, content, {
    code: example('js'),
    call: `console.log(JSON.stringify(verify(...JSON.parse(process.env.GIVEN))))`,
  })
const inPython: Verifier = (headers, content) =>
  runs(['python3', '-c'], headers, content, {
    code: example('python'),
    call: `import os\nprint(json.dumps(verify(*json.loads(os.environ["GIVEN"]))))`,
  })

function runs(
  [program = '', ...args]: string[],
  headers: Record<string, string>,
  content: string,
  { code, call }: { code: string; call: string },
): unknown {
  const GIVEN = JSON.stringify([secret, headers, content])
  const env = { PATH: process.env.PATH, GIVEN, PYTHONIOENCODING: 'utf-8' }
  const { stdout, stderr, status } = spawnSync(program, [...args, `${code}\n${call}`], {
    env,
    encoding: 'utf8',
    timeout: 30_000,
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

describe.each([
  ['Node.js', inNode, undefined],
  ['Python', inPython, 'python'],
] as const)('the example in %s', (_language, verify, need) => {
  test('takes what is signed with the secret', (context) => {
    if (need) needs(context, need)
    expect(verify(signed(), body)).toEqual(JSON.parse(body))
  })

  test('refuses another body, an old one, and what another secret signed', (context) => {
    if (need) needs(context, need)
    expect(() => verify(signed(), body.replace('build', 'batch'))).toThrow(/somebody else/)
    expect(() => verify(signed(new Date(Date.now() - 600_000)), body)).toThrow(/too old/)
    const foreign = {
      ...signed(),
      'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}`,
    }
    expect(() => verify(foreign, body)).toThrow(/somebody else/)
  })
})

test('the command makes a secret that a callback takes', (context) => {
  needs(context, 'openssl')
  const command = /^`(echo "whsec_.*?)`/m.exec(text)?.[1] ?? ''
  const made = spawnSync('sh', ['-c', command], { encoding: 'utf8' }).stdout.trim()
  const callback = { url: 'https://hooks.example.com/packline', secret: made }
  expect(callbackSchema.safeParse(callback).success).toBe(true)
})

test('the providers that have a column are those that a hook may name', () => {
  const { options } = commitStatusSchema.shape.provider
  for (const name of options) expect(text.toLowerCase()).toContain(name)
})
