import type { FailureWords } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { expectFailureInBothLanguages } from '../../../../../test/harness/in-both-languages.ts'
import { GRADLE_MEANINGS } from '../../runtimes/java/gradle/gradle-meanings.ts'
import { MAVEN_MEANINGS } from '../../runtimes/java/maven-meanings.ts'
import { NPM_MEANINGS } from '../../runtimes/nodejs/explain/npm.ts'
import { PNPM_MEANINGS } from '../../runtimes/nodejs/explain/pnpm.ts'
import { YARN_MEANINGS } from '../../runtimes/nodejs/explain/yarn.ts'
import { type MissingTool, noTool } from '../../tools/missing.ts'
import { listed, NO_FILE } from '../../words.ts'
import { FOR_PLUGINS, goFailures, NO_MODULE, WHY_NO_GO } from './go.ts'
import { goMainFailures, NO_EXPORTED, SYMBOL_HINTS, THE_ROOT, wantedMain } from './go-main.ts'
import { gradleFailures, javaFailures, MISSING_PACKAGE, NO_WRAPPER } from './java.ts'
import { nodejsFailures } from './nodejs.ts'
import { othersToo } from './others-too.ts'
import { askedAt, pythonFailures, wheelTarget, withoutPipIn } from './python.ts'
import { LOCK_HINTS, pythonManifestFailures } from './python-manifests.ts'
import { workspaceFailures } from './workspaces.ts'

/** Every variant of a table, with things found; one that is left out does not compile. */
type Samples<Table> = { [Variant in keyof Table]: FailureWords[] }

const MODULE = 'github.com/a/b@v1.0.0'
const NAMES = listed(['a_1.go', 'b_2.go', 'c_3.go'], 2)
const MORE = [0, 3].map(othersToo)
const EITHER = [true, false]
const TARGET = wheelTarget('3.10', 'x86_64', 17)
const PLACES = [undefined, 'requirements.txt, line 3'].map(askedAt)
const PLACE = 'main.Handle (main.go:3)'

const SAMPLES: Record<string, Record<string, FailureWords[]>> = {
  go: {
    hostIsOlder: [goFailures.hostIsOlder('go.mod', '1.99', '1.25.1')],
    noToolchain: [WHY_NO_GO.asked('go.mod', '1.26.8'), WHY_NO_GO.of('it is asked for')].map((why) =>
      goFailures.noToolchain('1.99', why),
    ),
    noCompiler: [goFailures.noCompiler('gcc-12')],
    brokenModule: ['unknown directive', undefined].map((reason) =>
      goFailures.brokenModule('go.mod:3', reason),
    ),
    proxyOff: [goFailures.proxyOff('go modules')],
    proxyAway: [goFailures.proxyAway('go modules')],
    sumDiffers: [goFailures.sumDiffers(MODULE)],
    sumLacks: [goFailures.sumLacks(MODULE)],
    notFound: EITHER.map((isSdk) => goFailures.notFound('go modules', MODULE, isSdk)),
    doesNotCompile: MORE.map((more) => goFailures.doesNotCompile('main.go:3:1: no', more)),
    noMainFunction: [goFailures.noMainFunction()],
    httpPlugin: [goFailures.httpPlugin()],
    noProgram: [goFailures.noProgram('a.B.c')],
    localFolder: [MODULE, undefined].map((one) => goFailures.localFolder('go.mod:3', one, '../x')),
    operatorModule: [NO_MODULE.files(9), NO_MODULE.bytes(9), NO_MODULE.noGoMod].map((found) =>
      goFailures.operatorModule('/srv/sdk/go', found),
    ),
  } satisfies Samples<typeof goFailures>,
  'go main': {
    noSymbol: [
      SYMBOL_HINTS.method(PLACE, 'T_1', 'Handle'),
      SYMBOL_HINTS.otherKind(PLACE, 'type', 'Handle'),
      SYMBOL_HINTS.add('Handle'),
      SYMBOL_HINTS.near(PLACE),
      SYMBOL_HINTS.notExported(PLACE),
    ].flatMap((hint) =>
      [NO_EXPORTED, NAMES].map((found) => {
        return goMainFailures.noSymbol('Handle', 'a_1.go', found, hint)
      }),
    ),
    noCodeBelow: [THE_ROOT, NAMES].map((some) => goMainFailures.noCodeBelow('cmd/x', some)),
    noCode: [NO_FILE, NAMES].map(goMainFailures.noCode),
    severalMains: [goMainFailures.severalMains(wantedMain('', undefined), NAMES)],
    noMain: [goMainFailures.noMain(wantedMain('x_1', 'x_1/cmd/y'), NAMES)],
  } satisfies Samples<typeof goMainFailures>,
  java: {
    noBootstrap: EITHER.map((isInModule) =>
      javaFailures.noBootstrap(8000, 'exec java -jar /a/*.jar', 'exec java a.Main', isInModule),
    ),
    noManifest: [javaFailures.noManifest('fn_1')],
    noModule: [[], ['a_1', 'b_2']].map((found) => javaFailures.noModule('fn_1', found)),
    noPom: [javaFailures.noPom('fn_1')],
    noJar: [javaFailures.noJar('/srv/sdk/java/x.jar')],
    nothingToCompile: [NO_FILE, NAMES].map(javaFailures.nothingToCompile),
    olderJdk: [javaFailures.olderJdk(21, '11.0.2, 17.0.9', 'apt-get install x')],
    sameName: [javaFailures.sameName('a_1.jar', 'lib/a_1.jar', 'more/a_1.jar')],
    doesNotCompile: [
      MISSING_PACKAGE.intoFolder('com.a'),
      MISSING_PACKAGE.intoPom('com.a'),
      MISSING_PACKAGE.ofPlatform('com.huawei.services.runtime'),
      MISSING_PACKAGE.intoGradle('com.a'),
      undefined,
    ].flatMap((hint) =>
      MORE.map((more) => javaFailures.doesNotCompile('A.java:3', "';' expected", more, hint)),
    ),
    noMavenJar: [undefined, 'target/a.war'].map(javaFailures.noMavenJar),
    noGradleJar: [javaFailures.noGradleJar()],
  } satisfies Samples<typeof javaFailures>,
  gradle: {
    noJdk: [gradleFailures.noJdk('8.5', 8, 21, '25')],
    badAddress: [undefined, 'https://x/y'].map((found) => gradleFailures.badAddress('a:3', found)),
    otherSum: [gradleFailures.otherSum('8.5', 'a1', 'b2')],
    noDistribution: [undefined, 'x.zip'].map((why) => gradleFailures.noDistribution('8.5', why)),
  } satisfies Samples<typeof gradleFailures>,
  nodejs: {
    badField: [undefined, 'main'].map((one) => nodejsFailures.badField('a.json:3', one, 'no')),
    notJson: [nodejsFailures.notJson('package.json:3', 'Unexpected end')],
    noJson: [nodejsFailures.noJson('a/package.json')],
    notYaml: [nodejsFailures.notYaml('.yarnrc.yml:3', 'BAD_INDENT')],
    outside: [nodejsFailures.outside('lib', 'file:../lib')],
    absent: [nodejsFailures.absent('lib', 'file:./lib')],
    typescript: [nodejsFailures.typescript('index', 'src/index.ts')],
    packageManager: [nodejsFailures.packageManager('package.json:3', 'bun@1', 'pnpm@9.1.0')],
    unknownLock: ['', '99'].map((found) =>
      nodejsFailures.unknownLock('yarn.lock', '__metadata.version', found, ['6', '8']),
    ),
    notLocked: [nodejsFailures.notLocked('package.json:3', 'is-odd@^3.0.1')],
    tooManyLinked: [nodejsFailures.tooManyLinked(30_000)],
    hashDiffers: [nodejsFailures.hashDiffers('pnpm@9.1.0', 'wanted a1, got b2')],
    noEntry: EITHER.map((isHandler) => nodejsFailures.noEntry('index', isHandler)),
    noEsbuild: [nodejsFailures.noEsbuild('@esbuild/linux-x64')],
  } satisfies Samples<typeof nodejsFailures>,
  workspaces: {
    noMember: [[], ['a_1', 'b_2']].map((found) => workspaceFailures.noMember('x_1', found)),
    sibling: [workspaceFailures.sibling('package.json:3', 'lib', 'packages/lib', 'packages/fn')],
  } satisfies Samples<typeof workspaceFailures>,
  python: {
    notReached: ['ENOTFOUND', undefined].map((why) => pythonFailures.notReached('pip', why)),
    hashDiffers: PLACES.map((place) => pythonFailures.hashDiffers('six', place)),
    noneFits: PLACES.map((place) => pythonFailures.noneFits('six==1', TARGET, place)),
    notBuilt: PLACES.map((place) => pythonFailures.notBuilt('six==1', TARGET, place, 'gcc')),
    noPackage: PLACES.map((place) => pythonFailures.noPackage('six', place)),
    noWheel: PLACES.map((place) => pythonFailures.noWheel('six', TARGET, place)),
    noVersion: PLACES.map((place) => pythonFailures.noVersion('six==99', place)),
    onlyOther: PLACES.map((place) => pythonFailures.onlyOther('six<=1.17', place)),
    noHash: PLACES.map((place) => pythonFailures.noHash('six', place)),
    wheelDoesNotFit: ['a-1.whl', undefined].map((one) =>
      pythonFailures.wheelDoesNotFit(one, TARGET),
    ),
    conflict: [
      pythonFailures.conflict([]),
      pythonFailures.conflict([{ en: 'a (b.txt, line 1)', zh: 'a（b.txt 第 1 行）' }]),
    ],
  } satisfies Samples<typeof pythonFailures>,
  'python manifests': {
    notToml: ['bad key', undefined].map(pythonManifestFailures.notToml),
    notJson: [pythonManifestFailures.notJson(LOCK_HINTS.pipenv)],
    notLocked: ['', '1.0'].map((has) =>
      pythonManifestFailures.notLocked(
        'six>=2',
        'uv.lock',
        has,
        LOCK_HINTS.isOlder('uv.lock', 'uv lock'),
      ),
    ),
    noVersion: [pythonManifestFailures.noVersion('six', LOCK_HINTS.pipenv)],
    madeForOther: [pythonManifestFailures.madeForOther('3.12', '3.10')],
    forOther: [pythonManifestFailures.forOther('>=3.12', '3.10', 'requires-python')],
    projectForOther: [pythonManifestFailures.projectForOther(['>=3.12', '<3'], '3.10')],
    fromElsewhere: [pythonManifestFailures.fromElsewhere('six')],
    alternatives: [pythonManifestFailures.alternatives('six')],
    noList: [pythonManifestFailures.noList()],
    noRequirement: EITHER.map((isInList) => pythonManifestFailures.noRequirement('=', isInList)),
    noSetting: [pythonManifestFailures.noSetting('--no-bin', ['--pre', '--no-index'])],
    notOneLine: [pythonManifestFailures.notOneLine('six -e lib')],
    otherFormat: [pythonManifestFailures.otherFormat('2', 1, 'uv lock')],
    noLocal: [pythonManifestFailures.noLocal('./six.whl')],
    noIncluded: [pythonManifestFailures.noIncluded('more.txt', 'a/more.txt')],
    includesItself: [pythonManifestFailures.includesItself('more.txt')],
    fromGit: [pythonManifestFailures.fromGit('git+https://x/y')],
  } satisfies Samples<typeof pythonManifestFailures>,
}

describe.each(Object.entries(SAMPLES))('a failure of %s', (_table, variants) => {
  test.each(Object.entries(variants))('(%s) says the same in both languages', (_name, said) => {
    for (const words of said) expectFailureInBothLanguages(words)
  })
})

/** What its patterns find, as long as the longest of them. */
const FOUND = ['all', 'a_1', 'b_2', 'c_3'] as const

describe('what a tool says means the same in both languages', () => {
  const installers = [...NPM_MEANINGS, ...PNPM_MEANINGS, ...YARN_MEANINGS]
  test.each(installers)('$pattern', ({ detail, hint }) => {
    for (const named of ['a_1', '']) {
      expectFailureInBothLanguages({ detail: detail('npm ci', named), hint })
    }
  })

  test.each([...MAVEN_MEANINGS, ...GRADLE_MEANINGS])('$pattern', ({ detail, hint }) => {
    expectFailureInBothLanguages({ detail: detail(FOUND), hint })
    expect(detail(FOUND).zh).toMatch(/\p{Script=Han}|pom\.xml/u)
  })
})

describe('a tool that is missing', () => {
  const more = {
    cc: { detail: FOR_PLUGINS.detail('x86_64'), hint: FOR_PLUGINS.hint('apt-get install gcc') },
    gradle: { detail: NO_WRAPPER.detail, hint: NO_WRAPPER.hint('apt-get install gradle') },
    pip: { detail: withoutPipIn('3.10') },
  }
  const tools: MissingTool[] = ['git', 'venv', 'go', 'cc', 'gradle', 'pip']
  test.each(tools)('(%s) is named in both languages, with how to get it', (tool) => {
    const { message, hint = '', zh } = noTool(tool, more[tool as keyof typeof more])
    expectFailureInBothLanguages({
      detail: { en: message, zh: zh?.detail ?? '' },
      hint: { en: hint, zh: zh?.hint ?? '' },
    })
  })
})
