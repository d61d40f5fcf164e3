import { INSTALL_HINTS, INSTALL_SAYS } from '../../../texts/failures/nodejs.ts'
import { DISK_FULL, type Meaning, UNREACHABLE } from './meaning.ts'

/** What Yarn's words mean, those of 1 and of its successors, the most telling first. */
export const YARN_MEANINGS: readonly Meaning[] = [
  {
    pattern: /Your lockfile needs to be updated|YN0028/,
    code: 'INSTALL_FAILED',
    detail: () => INSTALL_SAYS.disagree('yarn.lock'),
    hint: INSTALL_HINTS.yarnLock,
    about: /YN0028: (?:│ )?\+ *"?(@?[^@\s"]+)@/,
  },
  {
    pattern: /(?:\w+Error: .*?(\d+:\d+) in \S*yarn\.lock|YAMLException: .*\((\d+:\d+)\))/,
    code: 'MANIFEST_INVALID',
    detail: (_stage, named) => INSTALL_SAYS.unreadable(`yarn.lock:${named}`, 'Yarn'),
    hint: INSTALL_HINTS.yarnLock,
  },
  {
    pattern: /Couldn't find (?:package|any versions for) "([^"]+)"/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: INSTALL_SAYS.notFound,
    hint: INSTALL_HINTS.nameOrToken,
  },
  {
    pattern: /"https?:\/\/[^/"]+\/([^":]+): Not found"|Request failed \\?"404 Not Found\\?"/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: (stage, named) =>
      named ? INSTALL_SAYS.notFound(stage, decoded(named)) : INSTALL_SAYS.notFoundAtAll(stage),
    hint: INSTALL_HINTS.nameOrToken,
  },
  {
    pattern: /YN0035: (?:│ )?(?:└ )?(\S+?): Package not found|(\S+): No candidates found/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: INSTALL_SAYS.notFound,
    hint: INSTALL_HINTS.nameOrToken,
  },
  {
    pattern: /YN0018: (?:│ )?(\S+?):? The remote archive doesn't match/,
    code: 'INSTALL_FAILED',
    detail: INSTALL_SAYS.differs,
    hint: INSTALL_HINTS.relock('yarn'),
  },
  {
    pattern: /Integrity check failed for "([^"]+)"/,
    code: 'INSTALL_FAILED',
    detail: INSTALL_SAYS.differs,
    hint: INSTALL_HINTS.relock('yarn'),
  },
  {
    pattern: /YN0041|Request failed \\?"40([13])|Response Code: .*40([13])/,
    code: 'INSTALL_FAILED',
    detail: (stage) => INSTALL_SAYS.notLetIn(stage, ''),
    hint: INSTALL_HINTS.token,
  },
  {
    pattern: new RegExp(
      `(${UNREACHABLE})|self-signed certificate|Request failed \\\\?"5\\d\\d|Response Code: .*5\\d\\d`,
    ),
    code: 'REGISTRY_UNAVAILABLE',
    detail: INSTALL_SAYS.answersWithError,
    hint: INSTALL_HINTS.again,
  },
  DISK_FULL,
]

function decoded(path: string): string {
  return path.replaceAll(/%2f/gi, '/')
}
