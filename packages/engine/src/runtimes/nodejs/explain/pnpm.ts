import { INSTALL_HINTS, INSTALL_SAYS } from '../../../texts/failures/nodejs.ts'
import { DISK_FULL, type Meaning, UNREACHABLE } from './meaning.ts'

/** What pnpm's words mean, the most telling first. */
export const PNPM_MEANINGS: readonly Meaning[] = [
  {
    pattern: /ERR_PNPM_OUTDATED_LOCKFILE/,
    code: 'INSTALL_FAILED',
    detail: () => INSTALL_SAYS.disagree('pnpm-lock.yaml'),
    hint: INSTALL_HINTS.pnpmLock,
    about: /(?:were (?:added|removed): |mismatched:\s+- )(@?[^@\s,(]+)/,
  },
  {
    pattern: /ERR_PNPM_LOCKFILE_CONFIG_MISMATCH/,
    code: 'INSTALL_FAILED',
    detail: () => INSTALL_SAYS.otherSettings,
    hint: INSTALL_HINTS.pnpmSettings,
  },
  {
    pattern: /ERR_PNPM_BROKEN_LOCKFILE.*\((\d+:\d+)\)/,
    code: 'MANIFEST_INVALID',
    detail: (_stage, named) => INSTALL_SAYS.unreadable(`pnpm-lock.yaml:${named}`, 'pnpm'),
    hint: INSTALL_HINTS.pnpmLock,
  },
  {
    pattern: /ERR_PNPM_(BROKEN_LOCKFILE|LOCKFILE_BREAKING_CHANGE|LOCKFILE_MISSING_DEPENDENCY)/,
    code: 'MANIFEST_INVALID',
    detail: (_stage, named) => INSTALL_SAYS.unreadable('pnpm-lock.yaml', 'pnpm', named),
    hint: INSTALL_HINTS.pnpmLock,
  },
  {
    pattern: /ERR_PNPM_FETCH_404[\s\S]*?(\S+) is not in the npm registry/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: INSTALL_SAYS.notFound,
    hint: INSTALL_HINTS.name,
  },
  {
    pattern: /ERR_PNPM_FETCH_404[\s\S]*?GET https?:\/\/[^/\s]+\/([^:\s]+):/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: (stage, named) => INSTALL_SAYS.notFound(stage, named.replaceAll(/%2f/gi, '/')),
    hint: INSTALL_HINTS.name,
  },
  {
    pattern: /No matching version found for (\S+)/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: INSTALL_SAYS.notFound,
    hint: INSTALL_HINTS.version,
  },
  {
    pattern: /ERR_PNPM_TARBALL_INTEGRITY[\s\S]*?"(https?:[^"]+)"/,
    code: 'INSTALL_FAILED',
    detail: INSTALL_SAYS.differs,
    hint: INSTALL_HINTS.relock('pnpm'),
  },
  {
    pattern: /ERR_PNPM_FETCH_(40[13])/,
    code: 'INSTALL_FAILED',
    detail: INSTALL_SAYS.notLetIn,
    hint: INSTALL_HINTS.token,
  },
  {
    pattern: new RegExp(`ERR_PNPM_(FETCH_5\\d\\d|META_FETCH_FAIL)|(?:${UNREACHABLE})`),
    code: 'REGISTRY_UNAVAILABLE',
    detail: INSTALL_SAYS.notReached,
    hint: INSTALL_HINTS.again,
  },
  DISK_FULL,
]
