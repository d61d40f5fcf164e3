import { type Meaning, notFound, notReached, TRY_AGAIN, UNREACHABLE } from './meaning.ts'

const RUN_YARN = 'Run yarn install and hand in the yarn.lock that it writes.'
// Yarn 1 does not tell what is missing from what a token is missing for.
const LOOK =
  'Look at its name and version in package.json; a private one needs a token in the worker’s settings.'

/** What Yarn's words mean, those of 1 and of its successors, the most telling first. */
export const YARN_MEANINGS: readonly Meaning[] = [
  {
    pattern: /Your lockfile needs to be updated|YN0028/,
    code: 'INSTALL_FAILED',
    detail: () => 'package.json and yarn.lock do not agree',
    hint: RUN_YARN,
  },
  {
    pattern: /(?:\w+Error: .*?(\d+:\d+) in \S*yarn\.lock|YAMLException: .*\((\d+:\d+)\))/,
    code: 'MANIFEST_INVALID',
    detail: (_stage, named) => `yarn.lock:${named} can not be read by Yarn`,
    hint: RUN_YARN,
  },
  {
    pattern: /Couldn't find (?:package|any versions for) "([^"]+)"/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: notFound,
    hint: LOOK,
  },
  {
    pattern: /"https?:\/\/[^/"]+\/([^":]+): Not found"|Request failed \\?"404 Not Found\\?"/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: (stage, named) => notFound(stage, decoded(named) || 'package that is asked for'),
    hint: LOOK,
  },
  {
    pattern: /YN0035: (?:│ )?(?:└ )?(\S+?): Package not found|(\S+): No candidates found/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: notFound,
    hint: LOOK,
  },
  {
    pattern: /YN0018: (?:│ )?(\S+?):? The remote archive doesn't match/,
    code: 'INSTALL_FAILED',
    detail: (_stage, named) => `A dependency's content is not what the lock file says (${named})`,
    hint: 'Remove its entry from the lock file and run yarn install again.',
  },
  {
    pattern: /Integrity check failed for "([^"]+)"/,
    code: 'INSTALL_FAILED',
    detail: (_stage, named) => `A dependency's content is not what the lock file says (${named})`,
    hint: 'Remove its entry from the lock file and run yarn install again.',
  },
  {
    pattern: /YN0041|Request failed \\?"40([13])|Response Code: .*40([13])/,
    code: 'INSTALL_FAILED',
    detail: (stage) => `${stage} was not let in by the registry`,
    hint: 'A private registry needs a token in the worker’s configuration of registries.',
  },
  {
    pattern: new RegExp(
      `(${UNREACHABLE})|self-signed certificate|Request failed \\\\?"5\\d\\d|Response Code: .*5\\d\\d`,
    ),
    code: 'REGISTRY_UNAVAILABLE',
    detail: (stage, named) => notReached(stage, named || 'it answers with an error of its own'),
    hint: TRY_AGAIN,
  },
  {
    pattern: /(ENOSPC|EDQUOT)/,
    code: 'DISK_FULL',
    detail: (stage) => `${stage} found no disk space left`,
    hint: 'Give the worker more disk, or leave out dependencies that the function does not need.',
  },
]

function decoded(path: string): string {
  return path.replaceAll(/%2f/gi, '/')
}
