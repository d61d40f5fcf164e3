import { type FailureCode, PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import type { Stage } from '../runtime.ts'

interface Meaning {
  /** Found in the last lines; its first group is what the message names. */
  pattern: RegExp
  code: FailureCode
  detail: (stage: string, named: string) => string
  hint?: string
}

/** What npm's last lines mean, the most telling first. */
const MEANINGS: readonly Meaning[] = [
  {
    pattern: /can only install packages when your package\.json and (\S+)/,
    code: 'INSTALL_FAILED',
    detail: (_stage, named) => `package.json and ${named || 'its lock file'} do not agree`,
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
    hint: 'Leave out dependencies that the function does not need.',
  },
  {
    pattern:
      /code (E5\d\d|ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EPIPE|ERR_SOCKET_TIMEOUT|ERR_SSL\w*|EPROTO|CERT_\w+|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+)/,
    code: 'REGISTRY_UNAVAILABLE',
    detail: (stage, named) => `${stage} could not reach the registry (${named})`,
    hint: 'The build is tried again; where it stays away, look at PACKLINE_REGISTRIES.',
  },
]

/** Tells a dependency that does not exist from a registry that is away, by npm's own words. */
export function explain(stage: Stage, { output }: ToolResult): PacklineError | undefined {
  const text = output.join('\n')
  for (const { pattern, code, detail, hint } of MEANINGS) {
    const found = pattern.exec(text)
    if (found) return new PacklineError(code, detail(stage.name, found[1] ?? ''), { hint, output })
  }
  return undefined
}
