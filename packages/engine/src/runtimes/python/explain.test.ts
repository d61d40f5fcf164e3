import { expect, test } from 'vitest'
import type { ToolResult } from '../../process/command.ts'
import type { Stage } from '../runtime.ts'
import { explain } from './explain.ts'

const UV = ['uv', 'pip', '--python-version', '3.10', '--python-platform', 'aarch64-manylinux_2_17']
const PIP = ['python', '--python-version', '3.10', '--platform', 'manylinux_2_17_x86_64']

/** What uv 0.13 and pip 23 print, word for word. */
function told(argv: string[], stderr: string) {
  const stage = { name: 'install', argv } as unknown as Stage
  const result: ToolResult = {
    exitCode: 1,
    signal: null,
    ms: 1,
    stdout: '',
    stderr,
    output: stderr.split('\n'),
  }
  const error = explain(stage, result)
  return error && { code: error.code, detail: error.message }
}

const NO_SOLUTION = 'error: No solution found when resolving dependencies\n  cause: '

test.each([
  [
    'uv: no such package',
    UV,
    `${NO_SOLUTION}Because no-such was not found in the package registry and you require no-such==1.0, we can conclude that your requirements are unsatisfiable.`,
    'DEPENDENCY_NOT_FOUND',
    'the registry has no package "no-such"',
  ],
  [
    'uv: no such version',
    UV,
    `${NO_SOLUTION}Because there is no version of markupsafe==99.0 and you require markupsafe==99.0, we can conclude that your requirements are unsatisfiable.`,
    'DEPENDENCY_NOT_FOUND',
    'the registry has no markupsafe==99.0',
  ],
  [
    'uv: no wheel',
    UV,
    `${NO_SOLUTION}Because docopt==0.6.2 has no usable wheels and you require docopt==0.6.2, we can conclude that your requirements are unsatisfiable.`,
    'INSTALL_FAILED',
    'docopt==0.6.2 has no wheel for Python 3.10 on aarch64 with glibc 2.17',
  ],
  [
    'uv: versions that exclude each other',
    UV,
    `${NO_SOLUTION}Because requests==2.31.0 depends on urllib3>=1.21.1,<3 and you require requests==2.31.0, we can conclude that you require urllib3>=1.21.1,<3.\n         And because you require urllib3==1.21.0, we can conclude that your requirements are unsatisfiable.`,
    'INSTALL_FAILED',
    'the dependencies ask for versions of one package that exclude each other',
  ],
  [
    'uv: a line that is no requirement',
    UV,
    `error: Couldn't parse requirement in \`requirements.txt\` at position 0\n  cause: no such comparison operator "=", must be one of ~= ==`,
    'MANIFEST_INVALID',
    'requirements.txt: no such comparison operator "=", must be one of ~= ==',
  ],
  [
    'uv: another hash',
    UV,
    'error: Failed to download `markupsafe==2.1.5`\n  cause: Hash mismatch for `markupsafe==2.1.5`\n',
    'INSTALL_FAILED',
    "markupsafe==2.1.5 is not the file that the requirements' hash names",
  ],
  [
    'uv: no connection',
    UV,
    'error: Request failed after 3 retries in 7.4s\n  cause: Failed to fetch: http://127.0.0.1:9/simple/markupsafe/\n  cause: error sending request for url (http://127.0.0.1:9/simple/markupsafe/)\n  cause: client error (Connect)\n  cause: tcp connect error',
    'REGISTRY_UNAVAILABLE',
    'install could not reach the registry: tcp connect error',
  ],
  [
    'pip: neither package nor wheel',
    PIP,
    'ERROR: Could not find a version that satisfies the requirement docopt==0.6.2 (from versions: none)\nERROR: No matching distribution found for docopt==0.6.2',
    'DEPENDENCY_NOT_FOUND',
    'the registry has no package "docopt==0.6.2", or no wheel of it for Python 3.10 on x86_64 with glibc 2.17',
  ],
  [
    'pip: other versions',
    PIP,
    'ERROR: Could not find a version that satisfies the requirement six==99 (from versions: 1.15.0, 1.16.0)\nERROR: No matching distribution found for six==99',
    'DEPENDENCY_NOT_FOUND',
    'the registry has no six==99 for Python 3.10 on x86_64 with glibc 2.17; it has 1.15.0, 1.16.0',
  ],
  [
    'pip: no connection, though it ends in "no version"',
    PIP,
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('...')': /simple/six/\nERROR: Could not find a version that satisfies the requirement six (from versions: none)",
    'REGISTRY_UNAVAILABLE',
    'install could not reach the registry: NewConnectionError',
  ],
  [
    'pip: a line that is no requirement',
    PIP,
    "ERROR: Invalid requirement: 'markupsafe=2' (from line 3 of requirements.txt)\nHint: = is not a valid operator. Did you mean == ?",
    'MANIFEST_INVALID',
    'requirements.txt, line 3: "markupsafe=2" is no requirement',
  ],
  [
    'pip: another hash',
    PIP,
    'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. Otherwise, examine.\n    markupsafe==2.1.5 from https://example.com/a.whl (from -r r.txt (line 1)):\n',
    'INSTALL_FAILED',
    "markupsafe==2.1.5 is not the file that the requirements' hash names",
  ],
  [
    'pip: versions that exclude each other',
    PIP,
    'ERROR: Cannot install -r r.txt (line 1) and urllib3==1.21.0 because these package versions have conflicting dependencies.',
    'INSTALL_FAILED',
    'the dependencies ask for versions of one package that exclude each other',
  ],
])('%s', (_, argv, output, code, detail) => {
  expect(told(argv, output)).toEqual({ code, detail })
})

test('an output that says none of these is left to the stage', () => {
  expect(told(UV, 'error: something else\n')).toBeUndefined()
})
