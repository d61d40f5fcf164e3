import type { FailureWords } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { expectFailureInBothLanguages } from '../../../../../test/harness/in-both-languages.ts'
import { DEFAULT_LIMITS } from '../../process/limits.ts'
import { listed, NO_FILE, verbatim } from '../../words.ts'
import { customFailures } from './custom.ts'
import { gitFailures, NOT_READ } from './git.ts'
import { limitFailures } from './limits.ts'
import { dependencyFailures, manifestFailures, treeFailures, UNREADABLE } from './manifest.ts'
import { othersToo } from './others-too.ts'
import { processFailures } from './process.ts'
import { registryFailures } from './registries.ts'
import { OTHER_REGION, objectFailures, sourceFailures, storeSays, TITLES } from './sources.ts'

/** Every variant of a table, with things found; one that is left out does not compile. */
type Samples<Table> = { [Variant in keyof Table]: FailureWords[] }

const HOST = 'git.example.com:8443'
const ADDRESS = `https://${HOST}/a_1/b.git`
const PATH = 'src/b_2.ts'
const COMMIT = '28e1879d029cb852e4844d9c718537df08844e03'
const HINT = { en: 'See packline.yaml.', zh: '请看 packline.yaml。' }
const MORE = [0, 3].map(othersToo)

const SAMPLES: Record<string, Record<string, FailureWords[]>> = {
  process: {
    timedOut: [processFailures.timedOut('make', 1.5)],
    notStarted: [processFailures.notStarted('/usr/bin/go', 'ENOENT', 'go')],
    noGroup: [processFailures.noGroup('EBUSY: resource busy or locked')],
    noSandbox: [processFailures.noSandbox('bwrap: no permissions to create a new namespace')],
    exited: [processFailures.exited('npm ci', 2)],
    ended: [processFailures.ended('npm ci', 'SIGTERM')],
    outsideBench: [true, false].map((isThere) => processFailures.outsideBench('/x/y', isThere)),
    folderReplaced: [processFailures.folderReplaced('/build/output')],
  } satisfies Samples<typeof processFailures>,
  limits: {
    memory: [limitFailures.memory('javac', DEFAULT_LIMITS)],
    output: [limitFailures.output('make', 2 ** 20)],
    processes: [limitFailures.processes('make', DEFAULT_LIMITS)],
    openFiles: [limitFailures.openFiles('npm', DEFAULT_LIMITS)],
    diskSpace: [limitFailures.diskSpace('npm', DEFAULT_LIMITS)],
    files: [limitFailures.files('npm', DEFAULT_LIMITS)],
    fileSize: [limitFailures.fileSize('dd', DEFAULT_LIMITS)],
    tmp: [limitFailures.tmp('mvn', DEFAULT_LIMITS)],
    workersMemory: [limitFailures.workersMemory('javac')],
    memoryFull: [limitFailures.memoryFull('javac')],
    diskFull: [limitFailures.diskFull()],
  } satisfies Samples<typeof limitFailures>,
  registries: {
    unreached: [registryFailures.unreached('npm ci', 'host:443')],
    refused: [registryFailures.refused('npm ci', HOST)],
    refusedToo: [registryFailures.refusedToo(HOST, NO_FILE)],
  } satisfies Samples<typeof registryFailures>,
  sources: {
    answers: [sourceFailures.answers(ADDRESS, 404)],
    encoded: [sourceFailures.encoded(ADDRESS, 'gzip')],
    tooLarge: [sourceFailures.tooLarge(ADDRESS, 11, 10)],
    differs: [sourceFailures.differs(ADDRESS, 'sha256 a1', 'sha256 b2')],
    late: [sourceFailures.late(30)],
    noUpload: [sourceFailures.noUpload('a1b2')],
    noDraft: [sourceFailures.noDraft(7)],
    noFolder: [true, false].map((isThere) => sourceFailures.noFolder('/x/y', isThere)),
    folderTooLarge: [sourceFailures.folderTooLarge('/x/y', 11, 10)],
    tooManyFiles: [sourceFailures.tooManyFiles(30_000)],
    mismatch: [sourceFailures.mismatch(TITLES.upload('a1b2'), '11 bytes')],
    brokeOff: [sourceFailures.brokeOff(TITLES.draft(7))],
    notAttached: [sourceFailures.notAttached(TITLES.dependency('libs@2'))],
  } satisfies Samples<typeof sourceFailures>,
  object: {
    noCredential: [objectFailures.noCredential('code')],
    missing: [objectFailures.missing('s3://code/a_1.zip')],
    noBucket: [objectFailures.noBucket('code', 'b_1')],
    changed: [objectFailures.changed('s3://code/a_1.zip')],
    refused: [OTHER_REGION, storeSays('403 AccessDenied')].map((why) =>
      objectFailures.refused('s3://code/a_1.zip', why),
    ),
  } satisfies Samples<typeof objectFailures>,
  git: {
    noRef: ['HEAD', 'v1.0'].map((ref) => gitFailures.noRef(ADDRESS, ref)),
    noRepository: [gitFailures.noRepository(ADDRESS)],
    noLocalRepository: [gitFailures.noLocalRepository('/srv/a.git')],
    refuses: [gitFailures.refuses(ADDRESS)],
    notPublic: [gitFailures.notPublic(HOST)],
    unreachable: [true, false].map((isSilent) => gitFailures.unreachable(HOST, isSilent)),
    slow: [gitFailures.slow(HOST, processFailures.timedOut('git', 30).detail)],
    otherHostKey: [gitFailures.otherHostKey(HOST)],
    keyRefused: [gitFailures.keyRefused(HOST)],
    noSsh: [gitFailures.noSsh()],
    noTransport: [gitFailures.noTransport()],
    noDeployKey: [gitFailures.noDeployKey(HOST)],
    noKnownHosts: [gitFailures.noKnownHosts(HOST)],
    hasPassword: [gitFailures.hasPassword()],
    notAllowed: Object.values(NOT_READ).map((why) =>
      gitFailures.notAllowed(typeof why === 'function' ? why('ftp://x') : why),
    ),
    badRef: [gitFailures.badRef('"-x"')],
    tooLarge: [undefined, 'fn_1'].map((path) => gitFailures.tooLarge(path, 11, 12, 9, 10)),
    noFolder: [true, false].map((isFile) => gitFailures.noFolder('fn_1', isFile, ADDRESS)),
  } satisfies Samples<typeof gitFailures>,
  manifest: {
    mistake: [0, 2].map((others) =>
      manifestFailures.mistake('packline.yaml:3', verbatim('functions.a_1: 7'), HINT, others),
    ),
    noFile: [true, false].map((isLink) => manifestFailures.noFile(PATH, isLink, COMMIT)),
    tooLarge: [manifestFailures.tooLarge(PATH, 11, 10)],
    absent: [manifestFailures.absent('packline.yaml', COMMIT)],
    tooManyLines: [manifestFailures.tooManyLines('.packlineignore', 1001, 1000)],
    globstars: [manifestFailures.globstars('build.exclude[2]', '**/a/**/b', 5, 4)],
    slowPatterns: [manifestFailures.slowPatterns(30_000, 2)],
  } satisfies Samples<typeof manifestFailures>,
  tree: {
    unknownKind: [treeFailures.unknownKind(PATH)],
    unreadable: Object.values(UNREADABLE).map((how) =>
      treeFailures.unreadable(verbatim(PATH), how),
    ),
    tooLarge: [treeFailures.tooLarge(PATH, 11, 10)],
    deadLink: [treeFailures.deadLink(PATH, '../x_1')],
  } satisfies Samples<typeof treeFailures>,
  dependencies: {
    linkedOutside: [dependencyFailures.linkedOutside(PATH, '../x_1')],
    nothing: [dependencyFailures.nothing('nodejs')],
  } satisfies Samples<typeof dependencyFailures>,
  custom: {
    brokenMakefile: [customFailures.brokenMakefile('Makefile:3', 'missing separator')],
    notFound: [customFailures.notFound('cargo')],
    doesNotCompile: MORE.map((more) => customFailures.doesNotCompile('a.c:1: error: x', more)),
    recipe: [customFailures.recipe('Makefile:3', 'build-hello', '2')],
    command: [customFailures.command('./build.sh -x', 2)],
    noProgram: [customFailures.noProgram('./build.sh')],
    carriageReturns: [customFailures.carriageReturns('build.sh')],
    notExecutable: [customFailures.notExecutable('build.sh')],
    noTarget: [[], ['all (Makefile:1)', 'x (Makefile:4)']].map((found) =>
      customFailures.noTarget(['build-hello', 'build'], found),
    ),
  } satisfies Samples<typeof customFailures>,
}

describe.each(Object.entries(SAMPLES))('a failure of %s', (_table, variants) => {
  test.each(Object.entries(variants))('(%s) says the same in both languages', (_name, said) => {
    for (const words of said) expectFailureInBothLanguages(words)
  })
})

test('what stands for no name and for others is in both languages', () => {
  const words = [NO_FILE, listed(['a_1', 'b_2', 'c_3'], 2), ...MORE]
  for (const detail of words) expectFailureInBothLanguages({ detail })
  expect(MORE[0]).toEqual({ en: '', zh: '' })
})
