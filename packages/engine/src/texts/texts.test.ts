import { readdirSync } from 'node:fs'
import { RULE_IDS } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { expectInBothLanguages } from '../../../../test/harness/in-both-languages.ts'
import { finding, type Said } from '../finding.ts'
import { andMore, listed, NO_FILE, verbatim } from '../words.ts'
import { bootstrapTexts, unusable } from './bootstrap.ts'
import { dependencyClashTexts, OWN_PACKAGE } from './dependency-clash.ts'
import { allInFolder, dependencyPackageTexts, NOT_SPLIT } from './dependency-package.ts'
import { entryAtRootTexts, UNBUILT } from './entry-at-root.ts'
import { limitFailures } from './failures/limits.ts'
import { processFailures } from './failures/process.ts'
import { fileModesTexts } from './file-modes.ts'
import { goBinaryTexts } from './go-binary.ts'
import { goHostTexts } from './go-host.ts'
import { handlerExistsTexts } from './handler-exists.ts'
import { javaHandlerTexts, publicMethods } from './java-handler.ts'
import { javaJarTexts } from './java-jar.ts'
import { javaMissingClassesTexts, referredTo } from './java-missing-classes.ts'
import { javaReleaseTexts } from './java-release.ts'
import { linksTexts } from './links.ts'
import { ENDS, loadTexts } from './load.ts'
import { nameClashTexts } from './name-clash.ts'
import { nodeResolveTexts } from './node-resolve.ts'
import { packageSizeTexts } from './package-size.ts'
import { pythonEncodingTexts, REFUSED_SOURCE } from './python-encoding.ts'
import { NOT_IMPORTED, pythonResolveTexts } from './python-resolve.ts'
import { secretsTexts } from './secrets.ts'
import { stdlibShadowTexts } from './stdlib-shadow.ts'
import { targetArchTexts } from './target-arch.ts'
import { targetLibcTexts } from './target-libc.ts'
import { CALLS, testEventTexts } from './test-event.ts'
import { unpackedSizeTexts } from './unpacked-size.ts'
import { PROOFS, REASONS } from './verdict.ts'

/** Every variant of a table, with things found; one that is left out does not compile. */
type Samples<Table> = { [Variant in keyof Table]: Said[] }

const path = 'a/b.py'
const ENTRY_RULES = ['handler-exists', 'initializer'] as const
const NAMES = listed(['a_1', 'b_2', 'c_3'], 2)

const SAMPLES: Record<string, Record<string, Said[]>> = {
  bootstrap: {
    notExecutable: [unusable(bootstrapTexts.notExecutable())],
    empty: [bootstrapTexts.empty()],
    objectFile: [bootstrapTexts.objectFile()],
    neither: [bootstrapTexts.neither()],
    byteOrderMark: [bootstrapTexts.byteOrderMark()],
    carriageReturns: [bootstrapTexts.carriageReturns()],
    noInterpreter: [bootstrapTexts.noInterpreter()],
    relativeInterpreter: [bootstrapTexts.relativeInterpreter('bin/sh')],
    absentInterpreter: [bootstrapTexts.absentInterpreter('/opt/x')],
    unknownInterpreter: [bootstrapTexts.unknownInterpreter('/usr/bin/env perl')],
  } satisfies Samples<typeof bootstrapTexts>,
  'dependency-clash': {
    overwrites: [dependencyClashTexts.overwrites(verbatim('libs@2'), OWN_PACKAGE, NAMES)],
  } satisfies Samples<typeof dependencyClashTexts>,
  'dependency-package': {
    layout: [
      dependencyPackageTexts.layout('nodejs', NAMES, undefined),
      dependencyPackageTexts.layout('python', allInFolder('x_1'), 'x_1'),
      dependencyPackageTexts.layout('java', NO_FILE, undefined),
    ],
    tildes: [dependencyPackageTexts.tildes(NAMES)],
    tooMany: [dependencyPackageTexts.tooMany(30_001, 30_000, 'FunctionGraph')],
    tooLarge: [dependencyPackageTexts.tooLarge('301.0', '300.0', 'FunctionGraph')],
    notSplit: Object.values(NOT_SPLIT).map(dependencyPackageTexts.notSplit),
  } satisfies Samples<typeof dependencyPackageTexts>,
  'entry-at-root': {
    inFolder: [entryAtRootTexts.inFolder('src/index.handler', 'src/index.js')],
    wrapped: [entryAtRootTexts.wrapped('app_1', 'index.js')],
    missing: [
      ...[undefined, 'src/index.py'].flatMap((elsewhere) => [
        entryAtRootTexts.missing(['index.py'], ['x_1', 'y_2'], { wrapper: undefined, elsewhere }),
        entryAtRootTexts.missing(['index.py'], [], { wrapper: 'app_1', elsewhere }),
        entryAtRootTexts.missing(['bootstrap'], ['x_1'], { wrapper: undefined, elsewhere }),
      ]),
      entryAtRootTexts.missing(['a.js'], ['x_1'], { ...none(), elsewhere: 'b/a.js', project: 'b' }),
      { ...entryAtRootTexts.missing(['a', 'b'], [], none()), hint: UNBUILT },
    ],
  } satisfies Samples<typeof entryAtRootTexts>,
  'file-modes': {
    specialBits: [0, 3].map((more) => fileModesTexts.specialBits(path, '4755', more)),
    unreadable: [0, 3].map((more) => fileModesTexts.unreadable(path, '600', more)),
  } satisfies Samples<typeof fileModesTexts>,
  'go-plugin': {
    link: [goBinaryTexts.link('x.so')],
    noElf: [goBinaryTexts.noElf('x.so')],
    noLibrary: [goBinaryTexts.noLibrary('x.so')],
    notByGo: [goBinaryTexts.notByGo('x.so')],
    otherMode: ['c-shared', undefined].map((mode) => goBinaryTexts.otherMode('x.so', mode)),
    noProgram: [goBinaryTexts.noProgram('x_1')],
    objectFile: [goBinaryTexts.objectFile('x_1')],
    library: [goBinaryTexts.library('x_1', 'plugin')],
    notExecutable: [goBinaryTexts.notExecutable('x_1')],
  } satisfies Samples<typeof goBinaryTexts>,
  'go-host': {
    otherGo: [goHostTexts.otherGo('x.so', '1.26.1', '1.25.0')],
    otherModule: [goHostTexts.otherModule('x.so', 'example.com/m', 'v1.2.3', 'v1.2.4')],
    unknownHost: ['1.26', undefined].map((asked) => goHostTexts.unknownHost(NAMES, asked)),
  } satisfies Samples<typeof goHostTexts>,
  'handler-exists': {
    nodejs: ENTRY_RULES.flatMap((rule) =>
      [undefined, listed(['a_1', 'b_2'], 10)].map((exported) =>
        handlerExistsTexts.nodejs(rule, 'index.js', 'handler_1', exported),
      ),
    ),
    python: ENTRY_RULES.flatMap((rule) =>
      [NAMES, undefined].map((defined) => handlerExistsTexts.python(rule, path, 'f_1', defined)),
    ),
    go: ENTRY_RULES.flatMap((rule) =>
      [['A_1', 'B_2'], []].map((found) => handlerExistsTexts.go(rule, 'x.so', 'Handler_1', found)),
    ),
  } satisfies Samples<typeof handlerExistsTexts>,
  initializer: {
    noClass: [[], ['a.jar']].map((jars) => {
      return javaHandlerTexts.noClass('com.example.A', jars, undefined, 'handle')
    }),
    unread: [javaHandlerTexts.unread('com.example.A', 'a.jar', 'com.example.B', 'handle')],
    otherClass: [javaHandlerTexts.otherClass('a/A.class', 'b.A')],
    closedClass: [javaHandlerTexts.closedClass('com.example.A')],
    closedMethod: [javaHandlerTexts.closedMethod('com.example.A.handle')],
    noMethod: [[], ['f(A_1)', 'g(B_2)', 'h()']].flatMap((found) =>
      ['handle_1', undefined].map((near) => {
        return javaHandlerTexts.noMethod('b.A', 'x_1', publicMethods(found, 2), near)
      }),
    ),
  } satisfies Samples<typeof javaHandlerTexts>,
  'java-jar': {
    springBoot: ['a.jar', undefined].map(javaJarTexts.springBoot),
    wrapped: [javaJarTexts.wrapped('x_1', NAMES)],
    noJar: [true, false].map((hasClasses) => javaJarTexts.noJar(NO_FILE, hasClasses)),
    inFolders: [javaJarTexts.inFolders(NAMES)],
  } satisfies Samples<typeof javaJarTexts>,
  'java-missing-classes': {
    ofFunction: ['javax.xml.bind', undefined].map((former) => {
      return javaMissingClassesTexts.ofFunction(referredTo('a.A', 'b.B', 'c.jar'), 17, former)
    }),
    ofLibraries: [true, false].map((isWhole) => {
      return javaMissingClassesTexts.ofLibraries(referredTo('a.A', 'b.B', undefined), isWhole)
    }),
  } satisfies Samples<typeof javaMissingClassesTexts>,
  'java-release': {
    newer: [undefined, 'a.jar'].flatMap((jar) =>
      [0, 3].map((more) => javaReleaseTexts.newer('com.example.A', jar, 21, more, 17)),
    ),
  } satisfies Samples<typeof javaReleaseTexts>,
  links: {
    dangling: [linksTexts.dangling('a/b', 'c/d')],
  } satisfies Samples<typeof linksTexts>,
  test: {
    handler: [REASONS.otherVersion('Go 1.25'), undefined].map((why) => {
      const ended = ENDS.ended(1, null, ENDS.whileLoading, 'its last words')
      return loadTexts.handler(verbatim('Go 1.26'), why, ended)
    }),
    handlerAt: [loadTexts.handlerAt(verbatim('Go 1.26'), undefined, ENDS.noReason)],
    initializer: [loadTexts.initializer(verbatim('Go 1.26'), undefined, ENDS.noReason)],
    http: [
      ENDS.noReason,
      ENDS.ended(null, 'SIGKILL', ENDS.whileCalled, ''),
      processFailures.timedOut('node', 20.5).detail,
      limitFailures.output('node', 1000).detail,
    ].map((how) => loadTexts.http(PROOFS.ownBootstrap(['Node.js 24']), undefined, how)),
  } satisfies Samples<typeof loadTexts>,
  'name-clash': {
    both: [nameClashTexts.both('yaml_1', 'yaml_1.py', 'yaml_1/__init__.py')],
  } satisfies Samples<typeof nameClashTexts>,
  'node-resolve': {
    missing: [true, false].map((of) => nodeResolveTexts.missing('a.js:3', '@a/b', '20.15', of)),
  } satisfies Samples<typeof nodeResolveTexts>,
  'package-size': {
    tooLarge: [packageSizeTexts.tooLarge('301.0 MiB', '300.0 MiB', 'Graph', 'a_1 (1.0 MiB)')],
    notDirect: [packageSizeTexts.notDirect('51.0 MiB', '50.0 MiB', 'a_1 (1.0 MiB)')],
  } satisfies Samples<typeof packageSizeTexts>,
  'python-encoding': {
    refused: [undefined, 'GBK'].flatMap((guess) => [
      pythonEncodingTexts.refused(path, REFUSED_SOURCE.notAsNamed('utf-8', guess)),
      pythonEncodingTexts.refused(path, REFUSED_SOURCE.notAscii(guess)),
      pythonEncodingTexts.refused(path, REFUSED_SOURCE.notUtf8(guess)),
    ]),
    unnamed: [pythonEncodingTexts.unnamed(path)],
  } satisfies Samples<typeof pythonEncodingTexts>,
  'python-resolve': {
    missing: [
      NOT_IMPORTED.otherVersion({ en: '2.7 to 3.11', zh: '2.7 至 3.11' }, '3.12'),
      NOT_IMPORTED.nowhere('3.10', true),
      NOT_IMPORTED.nowhere('3.10', false),
      NOT_IMPORTED.outOfRoot(),
      NOT_IMPORTED.notInOwn(),
    ].map((why) => pythonResolveTexts.missing(path, 'm_1', why)),
  } satisfies Samples<typeof pythonResolveTexts>,
  secrets: {
    found: [secretsTexts.found(path, 3, 'AWSAccessKeyID')],
    environmentFile: [secretsTexts.environmentFile('.env')],
    notSearched: [0, 2].map((count) => secretsTexts.notSearched(path, andMore(count))),
  } satisfies Samples<typeof secretsTexts>,
  'stdlib-shadow': {
    shadows: [true, false].flatMap((isInstalled) =>
      ['3.10', undefined].map((version) => {
        return stdlibShadowTexts.shadows('json', 'json.py', version, isInstalled)
      }),
    ),
  } satisfies Samples<typeof stdlibShadowTexts>,
  'target-arch': {
    foreign: [targetArchTexts.foreign('a.node', 'Windows x86_64', 'Linux x86_64')],
    unused: [targetArchTexts.unused('a.node', 'Linux aarch64', andMore(4))],
  } satisfies Samples<typeof targetArchTexts>,
  'target-libc': {
    tooNew: [true, false].map((isGo) => {
      const had = ['glibc 2.17', 'GLIBCXX_3.4.19']
      return targetLibcTexts.tooNew(NAMES, ['glibc 2.34', 'GLIBCXX_3.4.29'], had, 'Graph', isGo)
    }),
    missing: [true, false].map((isMusl) => {
      return targetLibcTexts.missing(NAMES, ['libGL.so.1', 'libX.so.2'], 'Graph', isMusl)
    }),
  } satisfies Samples<typeof targetLibcTexts>,
  'test-event': {
    wrong: [
      CALLS.fails(ENDS.unreadable('{"a":')),
      CALLS.differs('.body.id', CALLS.nothing, verbatim('7')),
    ].map(testEventTexts.wrong),
    notCalled: [REASONS.noTool('JDK'), REASONS.noSandbox].map(testEventTexts.notCalled),
  } satisfies Samples<typeof testEventTexts>,
  'unpacked-size': {
    large: [true, false].map((has) => unpackedSizeTexts.large(1_600_000, 1_500_000, 'Graph', has)),
  } satisfies Samples<typeof unpackedSizeTexts>,
}

function none() {
  return { wrapper: undefined, elsewhere: undefined }
}

describe('every text of a finding', () => {
  const all = Object.entries(SAMPLES).flatMap(([table, variants]) =>
    Object.entries(variants).flatMap(([name, said]) =>
      said.map((one, at) => [`${table} ${name} ${at + 1}`, one] as const),
    ),
  )

  test.each(all)('%s is in Chinese too, with the same names and numbers', (_name, said) => {
    expectInBothLanguages(finding('links', 'note', said))
  })

  test('is among these samples', () => {
    const files = readdirSync(import.meta.dirname).filter((name) => /^[a-z-]+\.ts$/.test(name))
    const others = ['faults.ts', 'told.ts', 'verdict.ts', 'warnings.ts']
    // These are no findings' and have their own tests.
    expect(files.filter((name) => others.includes(name)).sort()).toEqual(others)
    expect(Object.keys(SAMPLES)).toHaveLength(files.length - others.length)
  })

  test('that is a rule has a rule', () => {
    const rules = Object.keys(SAMPLES).filter((name) => name !== 'test')
    expect(rules.filter((name) => !RULE_IDS.includes(name as never))).toEqual([])
  })
})
