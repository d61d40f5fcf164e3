import type { Meaning } from './meaning.ts'

/** What npm's words mean, the most telling first. */
export const NPM_MEANINGS: readonly Meaning[] = [
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
