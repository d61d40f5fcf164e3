import { type FailureCode, PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import type { Stage } from '../runtime.ts'

interface Meaning {
  /** Found in what npm said; its first group is what the message names. */
  pattern: RegExp
  code: FailureCode
  detail: (stage: string, named: string) => string
  hint?: string
}

/** What npm's words mean, the most telling first. */
const MEANINGS: readonly Meaning[] = [
  {
    pattern: /can only install packages when your package\.json and (\S+)/,
    code: 'INSTALL_FAILED',
    detail: (_stage, named) => `package.json and ${named || 'its lock file'} do not agree`,
    hint: 'Run npm install and hand in the lock file that it writes.',
  },
  {
    pattern: /can only install with an existing (package-lock\.json)/,
    code: 'MANIFEST_INVALID',
    detail: () => 'The lock file can not be read by npm: it is damaged, or of another kind',
    hint: 'Run npm install and hand in the lock file that it writes.',
  },
  {
    pattern: /No matching version found for (\S+?)\.?(?:\s|$)/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: (stage, named) => `${stage} found no ${named} in the registry`,
    hint: 'Look at its version in package.json.',
  },
  {
    pattern: /404\s+(?:The requested resource )?'([^']+)'/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: (stage, named) => `${stage} found no ${named} in the registry`,
    hint: 'Look at its name and version in package.json.',
  },
  {
    pattern: /code (E40[13]|ENEEDAUTH)/,
    code: 'INSTALL_FAILED',
    detail: (stage, named) => `${stage} was not let in by the registry (${named})`,
    hint: 'A private registry needs a token in the worker’s configuration of registries.',
  },
  {
    pattern: /code (ENOSPC|EDQUOT)/,
    code: 'DISK_FULL',
    detail: (stage) => `${stage} found no disk space left`,
    hint: 'Give the worker more disk, or leave out dependencies that the function does not need.',
  },
  {
    pattern: /code (EINVALID\w+)\s/,
    code: 'MANIFEST_INVALID',
    detail: (_stage, named) => `package.json names a dependency that can not be (${named})`,
    hint: 'The output has the name and what npm takes.',
  },
  {
    pattern: /code EINTEGRITY\s[\s\S]*?wanted (\S+)/,
    code: 'INSTALL_FAILED',
    detail: (_stage, named) => `A dependency's content is not what the lock file says (${named})`,
    hint: 'Remove its entry from the lock file and run npm install again.',
  },
  {
    pattern: /code (ERESOLVE)\s/,
    code: 'INSTALL_FAILED',
    detail: () => 'Dependencies in package.json ask for versions that do not go together',
    hint: 'Mend the versions, or put "legacy-peer-deps=true" into .npmrc.',
  },
  {
    pattern: /command git [^\n]*? (\S+:\/\/\S+)/,
    code: 'INSTALL_FAILED',
    detail: (_stage, named) => `A dependency lies in a git repository (${named})`,
    hint: 'Only registries are reached: publish it there, or put it into the source as "file:".',
  },
  {
    pattern:
      /code (E5\d\d|ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EPIPE|ERR_SOCKET_TIMEOUT|ERR_SSL\w*|EPROTO|CERT_\w+|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+)/,
    code: 'REGISTRY_UNAVAILABLE',
    detail: (stage, named) => `${stage} could not reach the registry (${named})`,
    hint: 'The build is tried again; where it stays away, look at PACKLINE_REGISTRIES.',
  },
]

/** npm's manual page, which it prints after what it has to say, and its notes on its own log. */
const NOISE = /^npm (?:error|ERR!) (?:Log files were|A complete log|\s*[\w:.\\/-]+-debug-\d\.log)/
const MANUAL = /^npm (?:error|ERR!) (?:Clean install a project|Install a package|Usage:)/

/** Lines that a failure shows of them. */
const OUTPUT_LINES_MAX = 40

/** Tells a dependency that does not exist from a registry that is away, by npm's own words. */
export function explain(stage: Stage, result: ToolResult): PacklineError | undefined {
  // Not the last lines alone: npm ends some errors with a manual page of a hundred.
  const lines = result.stderr.split('\n').filter((line) => line !== '' && !NOISE.test(line))
  const manual = lines.findIndex((line) => MANUAL.test(line))
  const output = (manual < 0 ? lines : lines.slice(0, manual)).slice(-OUTPUT_LINES_MAX)
  const text = lines.join('\n')
  for (const { pattern, code, detail, hint } of MEANINGS) {
    const found = pattern.exec(text)
    if (found) return new PacklineError(code, detail(stage.name, found[1] ?? ''), { hint, output })
  }
  return undefined
}
