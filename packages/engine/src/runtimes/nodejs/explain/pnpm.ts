import { type Meaning, notFound, notReached, TRY_AGAIN, UNREACHABLE } from './meaning.ts'

const RUN_PNPM = 'Run pnpm install and hand in the pnpm-lock.yaml that it writes.'

/** What pnpm's words mean, the most telling first. */
export const PNPM_MEANINGS: readonly Meaning[] = [
  {
    pattern: /ERR_PNPM_OUTDATED_LOCKFILE/,
    code: 'INSTALL_FAILED',
    detail: () => 'package.json and pnpm-lock.yaml do not agree',
    hint: RUN_PNPM,
  },
  {
    pattern: /ERR_PNPM_LOCKFILE_CONFIG_MISMATCH/,
    code: 'INSTALL_FAILED',
    detail: () => 'pnpm-lock.yaml was written with other settings, or with a pnpmfile',
    hint: `${RUN_PNPM} A pnpmfile is run where build.installScripts is true.`,
  },
  {
    pattern: /ERR_PNPM_BROKEN_LOCKFILE.*\((\d+:\d+)\)/,
    code: 'MANIFEST_INVALID',
    detail: (_stage, named) => `pnpm-lock.yaml:${named} can not be read by pnpm`,
    hint: RUN_PNPM,
  },
  {
    pattern: /ERR_PNPM_(BROKEN_LOCKFILE|LOCKFILE_BREAKING_CHANGE|LOCKFILE_MISSING_DEPENDENCY)/,
    code: 'MANIFEST_INVALID',
    detail: (_stage, named) => `pnpm-lock.yaml can not be read by pnpm (${named})`,
    hint: RUN_PNPM,
  },
  {
    pattern: /ERR_PNPM_FETCH_404[\s\S]*?(\S+) is not in the npm registry/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: notFound,
    hint: 'Look at its name and version in package.json.',
  },
  {
    pattern: /ERR_PNPM_FETCH_404[\s\S]*?GET https?:\/\/[^/\s]+\/([^:\s]+):/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: (stage, named) => notFound(stage, named.replaceAll(/%2f/gi, '/')),
    hint: 'Look at its name and version in package.json.',
  },
  {
    pattern: /No matching version found for (\S+)/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: notFound,
    hint: 'Look at its version in package.json.',
  },
  {
    pattern: /ERR_PNPM_TARBALL_INTEGRITY[\s\S]*?"(https?:[^"]+)"/,
    code: 'INSTALL_FAILED',
    detail: (_stage, named) => `A dependency's content is not what the lock file says (${named})`,
    hint: 'Remove its entry from the lock file and run pnpm install again.',
  },
  {
    pattern: /ERR_PNPM_FETCH_(40[13])/,
    code: 'INSTALL_FAILED',
    detail: (stage, named) => `${stage} was not let in by the registry (${named})`,
    hint: 'A private registry needs a token in the worker’s configuration of registries.',
  },
  {
    pattern: new RegExp(`ERR_PNPM_(FETCH_5\\d\\d|META_FETCH_FAIL)|(?:${UNREACHABLE})`),
    code: 'REGISTRY_UNAVAILABLE',
    detail: (stage, named) => notReached(stage, named || 'it does not answer'),
    hint: TRY_AGAIN,
  },
  {
    pattern: /(ENOSPC|EDQUOT)/,
    code: 'DISK_FULL',
    detail: (stage) => `${stage} found no disk space left`,
    hint: 'Give the worker more disk, or leave out dependencies that the function does not need.',
  },
]
