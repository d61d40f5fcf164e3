import { expect, test } from 'vitest'
import type { ToolResult } from '../../process/command.ts'
import type { Stage } from '../runtime.ts'
import { explain } from './explain.ts'
import { JOB, LIST } from './install-job.ts'

const job = (architecture: string) =>
  JSON.stringify({ python: '3.10', architecture, glibc: [12, 17] })
const LIST_TEXT = 'six  # requirements.txt, line 1\nno-such==1.0  # base.txt, line 3\n'
const UV = { [JOB]: job('aarch64'), [LIST]: LIST_TEXT }
const PIP = { [JOB]: job('x86_64'), [LIST]: 'docopt==0.6.2  # requirements.txt, line 7\n' }

/** What uv 0.13 and pip 23 print, word for word. */
function told(files: Record<string, string>, stderr: string) {
  const stage = { name: 'install', files } as unknown as Stage
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
    'the registry has no package "no-such" (base.txt, line 3)',
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
    'uv: no wheel of any version',
    UV,
    `${NO_SOLUTION}Because all versions of docopt have no usable wheels and you require docopt, we can conclude that your requirements are unsatisfiable.`,
    'INSTALL_FAILED',
    'docopt has no wheel for Python 3.10 on aarch64 with glibc 2.17',
  ],
  [
    'a build that failed',
    PIP,
    'ERROR: No matching distribution found for docopt==0.6.2\npackline: docopt==0.6.2 can not be built: fatal error: ffi.h: No such file or directory\n',
    'INSTALL_FAILED',
    'docopt==0.6.2 has no wheel for Python 3.10 on x86_64 with glibc 2.17, and could not be built (requirements.txt, line 7): fatal error: ffi.h: No such file or directory',
  ],
  [
    'neither a wheel nor a source',
    PIP,
    'ERROR: No matching distribution found for docopt==9\npackline: docopt==9 can not be built: No matching distribution found for docopt==9\n',
    'DEPENDENCY_NOT_FOUND',
    'the registry has no docopt==9 for Python 3.10 on x86_64 with glibc 2.17 (requirements.txt, line 7)',
  ],
  [
    'a build whose own tools have no version for this Python',
    PIP,
    'packline: docopt==9 can not be built: No matching distribution found for maturin<2,>=1\n',
    'INSTALL_FAILED',
    'docopt==9 has no wheel for Python 3.10 on x86_64 with glibc 2.17, and could not be built (requirements.txt, line 7): No matching distribution found for maturin<2,>=1',
  ],
  [
    'uv: a line without a hash',
    UV,
    'error: In `--require-hashes` mode, all requirements must have a hash, but none were provided for: six\n',
    'MANIFEST_INVALID',
    'six has no hash, and others have (requirements.txt, line 1)',
  ],
  [
    'pip: a line without a hash',
    PIP,
    'ERROR: Hashes are required in --require-hashes mode, but they are missing from some requirements. Here is a list.\n    docopt==0.6.2 --hash=sha256:aa\n',
    'MANIFEST_INVALID',
    'docopt==0.6.2 has no hash, and others have (requirements.txt, line 7)',
  ],
  [
    'uv: a wheel of the source for another platform',
    UV,
    `${NO_SOLUTION}Because only six==1.0 is available and six==1.0 has no wheels with a matching Python version tag (e.g., \`cp310\`), we can conclude that all versions of six cannot be used.`,
    'INSTALL_FAILED',
    'six==1.0 has no wheel for Python 3.10 on aarch64 with glibc 2.17 (requirements.txt, line 1)',
  ],
  [
    'pip: a wheel of the source for another platform',
    PIP,
    'ERROR: shop-1.0-cp39-cp39-win_amd64.whl is not a supported wheel on this platform.\n',
    'INSTALL_FAILED',
    'shop-1.0-cp39-cp39-win_amd64.whl does not fit Python 3.10 on x86_64 with glibc 2.17',
  ],
  [
    'uv: versions that exclude each other',
    UV,
    `${NO_SOLUTION}Because requests==2.31.0 depends on urllib3>=1.21.1,<3 and you require requests==2.31.0, we can conclude that you require urllib3>=1.21.1,<3.\n         And because you require urllib3==1.21.0, we can conclude that your requirements are unsatisfiable.`,
    'INSTALL_FAILED',
    'the dependencies ask for versions of one package that exclude each other',
  ],
  [
    'uv: another hash',
    UV,
    'error: Failed to download `markupsafe==2.1.5`\n  cause: Hash mismatch for `markupsafe==2.1.5`\n',
    'INSTALL_FAILED',
    'markupsafe==2.1.5 is not the file that the hash names',
  ],
  [
    'uv: no connection',
    UV,
    'error: Request failed after 3 retries in 7.4s\n  cause: Failed to fetch: http://127.0.0.1:9/simple/markupsafe/\n  cause: error sending request for url (http://127.0.0.1:9/simple/markupsafe/)\n  cause: client error (Connect)\n  cause: tcp connect error',
    'REGISTRY_UNAVAILABLE',
    'install could not reach the registry: tcp connect error',
  ],
  [
    'pip: no connection, though it ends in "no version"',
    PIP,
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('...')': /simple/six/\nERROR: Could not find a version that satisfies the requirement six (from versions: none)",
    'REGISTRY_UNAVAILABLE',
    'install could not reach the registry: NewConnectionError',
  ],
  [
    'pip: another hash',
    PIP,
    'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. Otherwise, examine.\n    markupsafe==2.1.5 from https://example.com/a.whl (from -r r.txt (line 1)):\n',
    'INSTALL_FAILED',
    'markupsafe==2.1.5 is not the file that the hash names',
  ],
  [
    'pip: versions that exclude each other',
    PIP,
    'ERROR: Cannot install -r r.txt (line 1) and urllib3==1.21.0 because these package versions have conflicting dependencies.',
    'INSTALL_FAILED',
    'the dependencies ask for versions of one package that exclude each other',
  ],
])('%s', (_, files, output, code, detail) => {
  expect(told(files, output)).toEqual({ code, detail })
})

const BOTH = 'requests==2.31.0  # requirements.txt, line 4\nurllib3==1.20  # base.txt, line 2\n'

test.each([
  [
    'pip',
    PIP,
    'ERROR: Cannot install -r requirements.txt (line 1) and urllib3==1.20 because these package versions have conflicting dependencies.\n\nThe conflict is caused by:\n    The user requested urllib3==1.20\n    requests 2.31.0 depends on urllib3<3 and >=1.21.1\n',
    'urllib3 (base.txt, line 2), requests (requirements.txt, line 4)',
  ],
  [
    'uv',
    UV,
    `${NO_SOLUTION}Because requests==2.31.0 depends on urllib3>=1.21.1,<3 and you require requests==2.31.0, we can conclude that you require urllib3>=1.21.1,<3.\n      And because you require urllib3==1.20, we can conclude that your requirements are unsatisfiable.`,
    'requests (requirements.txt, line 4), urllib3 (base.txt, line 2)',
  ],
])('%s: the lines that exclude each other are named', (_tool, files, output, places) => {
  const detail = told({ ...files, [LIST]: BOTH }, output)?.detail
  expect(detail).toBe(
    `the dependencies ask for versions of one package that exclude each other: ${places}`,
  )
})

test('an output that says none of these is left to the stage', () => {
  expect(told(UV, 'error: something else\n')).toBeUndefined()
})
