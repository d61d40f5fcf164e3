import { INSTALL_HINTS, INSTALL_SAYS } from '../../../texts/failures/nodejs.ts'
import { DISK_FULL, type Meaning } from './meaning.ts'

/** What npm's words mean, the most telling first. */
export const NPM_MEANINGS: readonly Meaning[] = [
  {
    pattern: /can only install packages when your package\.json and (\S+)/,
    code: 'INSTALL_FAILED',
    detail: (_stage, named) => INSTALL_SAYS.disagree(named),
    hint: INSTALL_HINTS.npmLock,
    about: /(?:Missing: |does not satisfy )(@?[^@\s]+)@/,
  },
  {
    pattern: /can only install with an existing (package-lock\.json)/,
    code: 'MANIFEST_INVALID',
    detail: () => INSTALL_SAYS.unreadableLock,
    hint: INSTALL_HINTS.npmLock,
  },
  {
    pattern: /No matching version found for (\S+?)\.?(?:\s|$)/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: INSTALL_SAYS.notFound,
    hint: INSTALL_HINTS.version,
  },
  {
    pattern: /404\s+(?:The requested resource )?'([^']+)'/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: INSTALL_SAYS.notFound,
    hint: INSTALL_HINTS.name,
  },
  {
    pattern: /code (E40[13]|ENEEDAUTH)/,
    code: 'INSTALL_FAILED',
    detail: INSTALL_SAYS.notLetIn,
    hint: INSTALL_HINTS.token,
  },
  { ...DISK_FULL, pattern: /code (ENOSPC|EDQUOT)/ },
  {
    pattern: /code (EINVALID\w+)\s/,
    code: 'MANIFEST_INVALID',
    detail: INSTALL_SAYS.badName,
    hint: INSTALL_HINTS.output,
  },
  {
    pattern: /code EINTEGRITY\s[\s\S]*?wanted (\S+)/,
    code: 'INSTALL_FAILED',
    detail: INSTALL_SAYS.differs,
    hint: INSTALL_HINTS.relock('npm'),
  },
  {
    pattern: /code (ERESOLVE)\s/,
    code: 'INSTALL_FAILED',
    detail: () => INSTALL_SAYS.conflict,
    hint: INSTALL_HINTS.peers,
    about: /(@?[^@\s]+)@"[^"]*" from the root project/,
  },
  {
    pattern: /command git [^\n]*? (\S+:\/\/\S+)/,
    code: 'INSTALL_FAILED',
    detail: INSTALL_SAYS.fromGit,
    hint: INSTALL_HINTS.publish,
  },
  {
    pattern:
      /code (E5\d\d|ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EPIPE|ERR_SOCKET_TIMEOUT|ERR_SSL\w*|EPROTO|CERT_\w+|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+)/,
    code: 'REGISTRY_UNAVAILABLE',
    detail: INSTALL_SAYS.notReached,
    hint: INSTALL_HINTS.again,
  },
]
