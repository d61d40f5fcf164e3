import { expect, test } from 'vitest'
import type { ToolResult } from '../../process/command.ts'
import { explain, mayGiveHistory } from './explain.ts'

const remote = {
  kind: 'host',
  url: 'https://host.example/a.git',
  host: 'host.example',
  protocols: 'https',
  reach: [],
} as const

function result(stderr: string): ToolResult {
  const output = stderr.split('\n')
  return { exitCode: 128, signal: null, ms: 1, stdout: '', stderr, output }
}

// As git 2.39 prints them, for addresses of hosts that are no more than examples.
test.each([
  ["fatal: couldn't find remote ref nowhere", 'SOURCE_NOT_FOUND', 'no branch, tag or commit'],
  [
    "fatal: repository 'https://host.example/a.git/' not found",
    'SOURCE_NOT_FOUND',
    'no repository',
  ],
  [
    "fatal: could not read Username for 'https://host.example': terminal prompts disabled",
    'SOURCE_NOT_FOUND',
    'no repository',
  ],
  [
    "fatal: Authentication failed for 'https://host.example/a.git/'",
    'SOURCE_NOT_FOUND',
    'no repository',
  ],
  ["fatal: transport 'file' not allowed", 'SOURCE_NOT_ALLOWED', 'leads elsewhere'],
  [
    `fatal: unable to access 'https://host.example/a.git/': Protocol "file" not supported or disabled in libcurl`,
    'SOURCE_NOT_ALLOWED',
    'leads elsewhere',
  ],
  [
    "fatal: unable to access 'https://host.example/a.git/': The requested URL returned error: 403",
    'SOURCE_NOT_ALLOWED',
    'refuses',
  ],
  [
    "fatal: unable to access 'https://other.example/a.git/': Received HTTP code 403 from proxy after CONNECT",
    'SOURCE_NOT_ALLOWED',
    'leads elsewhere',
  ],
  [
    "fatal: unable to access 'https://other.example/a.git/': CONNECT tunnel failed, response 403",
    'SOURCE_NOT_ALLOWED',
    'leads elsewhere',
  ],
  [
    "fatal: unable to access 'https://host.example/a.git/': CONNECT tunnel failed, response 502",
    'SOURCE_UNREACHABLE',
    'host.example did not answer',
  ],
  [
    "fatal: unable to access 'https://host.example/a.git/': The requested URL returned error: 503",
    'SOURCE_UNREACHABLE',
    'host.example did not answer',
  ],
  [
    "fatal: unable to access 'https://host.example/a.git/': Could not resolve host: host.example",
    'SOURCE_UNREACHABLE',
    'host.example did not answer',
  ],
  [
    'error: RPC failed; curl 28 Operation too slow.\nfatal: expected flush after ref listing',
    'SOURCE_UNREACHABLE',
    'host.example did not answer',
  ],
  ['fatal: bad object', 'SOURCE_UNREACHABLE', 'could not be read'],
])('%j is told as %s', (stderr, code, words) => {
  const error = explain(result(stderr), { remote, ref: 'nowhere' })
  expect(error.code).toBe(code)
  expect(error.message).toContain(words)
  expect(error.output).toEqual(stderr.split('\n'))
})

test('only a server that does not give a commit alone is asked for the history', () => {
  expect(mayGiveHistory(result('fatal: remote error: upload-pack: not our ref 0123'))).toBe(true)
  const unadvertised = 'error: Server does not allow request for unadvertised object 0123'
  expect(mayGiveHistory(result(unadvertised))).toBe(true)
  const dumb = 'fatal: dumb http transport does not support shallow capabilities'
  expect(mayGiveHistory(result(dumb))).toBe(true)
  expect(mayGiveHistory(result("fatal: couldn't find remote ref main"))).toBe(false)
})

test('a server that lies inside is told as one that is not public, and how it is allowed', () => {
  const reach = [{ host: 'host.example', port: 443 }]
  const stderr = "fatal: unable to access 'x': CONNECT tunnel failed, response 403"
  const at = (...refused: string[]) => {
    return explain({ ...result(stderr), refused }, { remote: { ...remote, reach }, ref: 'main' })
  }
  expect(at('host.example:443')).toMatchObject({
    code: 'SOURCE_NOT_ALLOWED',
    message: '"host.example" is no address of the public internet',
    hint: expect.stringContaining('PACKLINE_OUTBOUND_ALLOW'),
  })
  expect(at('other.example:443').message).toContain('leads elsewhere')
})
