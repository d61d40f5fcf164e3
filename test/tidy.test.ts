import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { barePatterns } from './tidy/bare-patterns.ts'
import { lintElsewhere } from './tidy/lint-elsewhere.ts'
import { countCommentLines, countExports, functionLengths, importsOf } from './tidy/measure.ts'
import { isSource, isTest, ROOT, readTree } from './tidy/source-files.ts'

const tree = readTree()
const sources = tree.filter(({ place }) => isSource(place))
const tests = tree.filter(({ place }) => isTest(place))
const code = [...sources, ...tests]

const FILE_LINES_MAX = 300
const OTHER_LANGUAGES = /\.(py|lua|go|java)$/
const FILE_LINES_MEDIAN_MAX = 90
const FUNCTION_LINES_MAX = 70
const FUNCTION_LINES_MEDIAN_MAX = 12
const COLUMNS_MAX = 100
/** Docs/decisions/0055 says why types are counted apart. */
const VALUES_MAX = 5
const EXPORTS_MAX = 8
/** Tables of words that many import one by one, and doors of packages. */
const MORE_EXPORTS = /\/index\.ts$|^packages\/shared\/src\//
const COMMENT_SHARE_MIN = 0.08
const COMMENT_SHARE_MAX = 0.15
/** Test lines to source lines. */
const TEST_SHARE_MIN = 1

describe('style', () => {
  test('no file is longer than 300 lines', () => {
    const others = tree.filter(({ place }) => OTHER_LANGUAGES.test(place))
    const long = [...code, ...others].filter(({ lines }) => lines.length > FILE_LINES_MAX)
    expect(long.map(({ place, lines }) => `${place}: ${lines.length}`)).toEqual([])
  })

  test('half of the files have at most 90 lines', () => {
    expect(median(sources.map(({ lines }) => lines.length))).toBeLessThanOrEqual(
      FILE_LINES_MEDIAN_MAX,
    )
  })

  test('no function is longer than 70 lines, in tests neither', () => {
    const long = code.flatMap(({ place, lines }) =>
      functionLengths(lines)
        .filter(({ length, line }) => length > FUNCTION_LINES_MAX && !isGroup(lines, line - 1))
        .map(({ line, length }) => `${place}:${line}: ${length}`),
    )
    expect(long).toEqual([])
  })

  test('half of the functions have at most 12 lines', () => {
    const lengths = sources.flatMap(({ lines }) => functionLengths(lines))
    expect(lengths.length).toBeGreaterThan(100)
    expect(median(lengths.map(({ length }) => length))).toBeLessThanOrEqual(
      FUNCTION_LINES_MEDIAN_MAX,
    )
  })

  test('no line is wider than 100 columns but for a text or a pattern that can not be cut', () => {
    const wide = code.flatMap(({ place, lines }) =>
      lines.flatMap((line, at) => {
        const isText = !/^\s*(\/\/|\/?\*)/.test(line) && /['"`]|\/.+\/|</.test(line)
        return [...line].length > COLUMNS_MAX && !isText ? [`${place}:${at + 1}`] : []
      }),
    )
    expect(wide).toEqual([])
  })

  test('a file exports at most 5 values, and 8 names with its types', () => {
    const wordy = sources.flatMap(({ place, text }) => {
      const { values, types } = countExports(text)
      const isWordy = values > VALUES_MAX || values + types > EXPORTS_MAX
      return isWordy && !MORE_EXPORTS.test(place) ? [`${place}: ${values} + ${types}`] : []
    })
    expect(wordy).toEqual([])
  })

  test('nothing is exported without a name', () => {
    const nameless = code.filter(({ text }) => /^export default/m.test(text))
    expect(nameless.map(({ place }) => place)).toEqual(['vitest.config.ts'])
  })

  test('files and folders are named for what they hold, in kebab-case', () => {
    const vague = code.filter(({ place }) =>
      /(^|[/.-])(utils?|helpers?|managers?|data|info|common|misc)([/.-])/.test(place),
    )
    const other = code.filter(({ place }) => !/^[a-z0-9./-]+$/.test(place))
    expect([...vague, ...other].map(({ place }) => place)).toEqual([])
  })

  test('nothing is called utils, helper or manager', () => {
    const declared =
      /(?:function|const|let|class|interface|type) (\w*(?:[Uu]tils?|[Hh]elper|[Mm]anager)\w*)/g
    const vague = code.flatMap(({ place, text }) =>
      [...text.matchAll(declared)].map(([, name]) => `${place}: ${name}`),
    )
    expect(vague).toEqual([])
  })

  test('comments are 8 to 15 % of the lines', () => {
    const comments = sum(sources.map(({ lines }) => countCommentLines(lines)))
    const share = comments / sum(sources.map(({ lines }) => lines.filter(Boolean).length))
    expect(share).toBeGreaterThan(COMMENT_SHARE_MIN)
    expect(share).toBeLessThan(COMMENT_SHARE_MAX)
  })

  test('no pattern is handed to toMatchObject bare, which lets anything fit', () => {
    expect(barePatterns("a.toMatchObject({\n  b: '',\n  c: /x/,\n})")).toEqual([1])
    expect(barePatterns("a.toMatchObject({ b: '/x/', c: expect.stringMatching(/x/) })")).toEqual([])
    const bare = tests.flatMap(({ place, text }) =>
      barePatterns(text).map((line) => `${place}:${line}`),
    )
    expect(bare.filter((name) => !name.startsWith('test/tidy.test.ts:'))).toEqual([])
  })

  test('tests keep up with the source', () => {
    const share =
      sum(tests.map(({ lines }) => lines.length)) / sum(sources.map(({ lines }) => lines.length))
    process.stdout.write(`test lines to source lines: ${share.toFixed(2)}\n`)
    expect(share).toBeGreaterThan(TEST_SHARE_MIN)
  })
})

describe('shape', () => {
  const RUNTIMES = path.join(ROOT, 'packages/engine/src/runtimes')
  const names = readdirSync(RUNTIMES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
  const FILES = ['index', 'detect', 'plan', 'collect', 'check', 'components', 'load'].map(
    (name) => `${name}.ts`,
  )

  test.each(names)('the runtime %s has the files that every runtime has', (name) => {
    const missing = [...FILES, 'README.md'].filter(
      (file) => !existsSync(path.join(RUNTIMES, name, file)),
    )
    expect(missing).toEqual([])
  })

  test('a runtime imports its own folder and the contracts, never another runtime', () => {
    const strays = sources.flatMap(({ place, text }) => {
      const own = /^packages\/engine\/src\/runtimes\/([^/]+)\//.exec(place)?.[1]
      if (!own) return []
      const others = names.filter((name) => name !== own).join('|')
      const stray = new RegExp(`/runtimes/(registry\\.ts|(${others})/)`)
      return imported(place, text).filter((target) => stray.test(target))
    })
    expect(strays).toEqual([])
  })

  test('a package is entered by its name, never by a path into it', () => {
    const strays = sources.flatMap(({ place, text }) => {
      const home = /^(packages|services)\/[^/]+\//.exec(place)?.[0]
      if (!home) return []
      const targets = imported(place, text).filter((target) => target.includes('/'))
      return targets
        .filter((target) => !target.startsWith(home) && !target.startsWith('bin/'))
        .map((target) => `${place} -> ${target}`)
    })
    expect(strays).toEqual([])
  })

  test('only main.ts files read the environment', () => {
    const readers = places(sources.filter(({ text }) => /process\.env/.test(text)))
    const isEntry = (place: string) => /(^|\/)main\.ts$/.test(place)
    expect(readers.filter((place) => !isEntry(place) && !fits(place, READS_ENVIRONMENT))).toEqual(
      [],
    )
  })

  test('only the engine and the set-up start processes, each in one place', () => {
    const starters = places(sources.filter(({ text }) => /['"]node:child_process['"]/.test(text)))
    expect(starters.filter((place) => !fits(place, STARTS_PROCESSES))).toEqual([])
  })

  test('every call of Redis in the records says where Redis was away', () => {
    const records = sources.filter(({ place }) => place.startsWith('packages/records/src/'))
    const bare = records.flatMap(({ place, text }) =>
      [...text.matchAll(/\bredis\.(?:z|h|l|s|x)\w+\(/g)]
        .filter(({ index }) => !/\banswer(InTime)?\(/.test(text.slice(index - 250, index)))
        .map(({ 0: call }) => `${place}: ${call}`),
    )
    expect(bare).toEqual([])
  })

  test('no host of a registry and no path of a machine stands in the tree', () => {
    const named = tree.flatMap(({ place, lines }) =>
      lines.flatMap((line, at) => (fits(line, MACHINE) ? [`${place}:${at + 1}`] : [])),
    )
    expect(named.filter((name) => !name.startsWith('test/tidy'))).toEqual([])
  })
})

/**
 * Not ours to hand an environment to: what runs before anything is installed, vitest's settings,
 * the bare loops that the bench compares with, and what runs inside the sandbox as a user's would.
 */
const READS_ENVIRONMENT = [
  /^bin\//,
  /^vitest\.config\.ts$/,
  /^bench\/bare\//,
  /\/runtimes\/.*\.[cm]js$/,
]
const STARTS_PROCESSES = [
  /^packages\/engine\/src\/process\/run\.ts$/,
  /^packages\/setup\/src\/process\//,
  /^bin\//,
  /^bench\//,
  /\/runtimes\/.*\.[cm]js$/,
]
const MACHINE = [
  /registry\.npmjs|npmmirror|pypi\.org|pythonhosted|maven\.org|maven\.apache\.org\/maven2/,
  /(proxy|sum)\.golang|quay\.io|docker\.io\/|deb\.debian/,
  /\/work\/(main|shared)\b|\/root\/\.(cache|cargo|nvm|npm|pyenv)\b/,
]

describe('lint', () => {
  const FORBIDDEN = [
    ['packages/shared', '@packline/archive'],
    ['packages/shared', 'node:fs'],
    ['packages/archive', '@packline/engine'],
    ['packages/records', '@packline/engine'],
    ['packages/engine', '@packline/records'],
    ['packages/client', '@packline/engine'],
    ['packages/cli', '@packline/records'],
    ['services/api', '@packline/engine'],
    ['services/worker', '@packline/client'],
  ] as const
  const ALLOWED = [
    ['packages/engine', '@packline/archive'],
    ['packages/engine', 'node:fs'],
    ['services/worker', '@packline/engine'],
    ['services/api', '@packline/records'],
  ] as const

  test('keeps packages from importing against the direction of the design', async () => {
    const cases = [...FORBIDDEN, ...ALLOWED].map(([folder, name], at) => ({
      place: `${folder}/src/case-${at}.ts`,
      text: `import { a } from '${name}'\nexport const b = a\n`,
    }))
    const refused = await lintElsewhere(cases)
    expect(refused).toEqual(places(cases.slice(0, FORBIDDEN.length)).sort())
  })
})

describe('lock file', () => {
  test('names the programs of the tools for every system, or npm ci refuses it', () => {
    const text = readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')
    const { packages } = JSON.parse(text) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>
    }
    const biome = packages['node_modules/@biomejs/biome']?.optionalDependencies ?? {}
    const missing = Object.keys(biome).filter((name) => !packages[`node_modules/${name}`])
    expect(missing).toEqual([])
  })
})

/** Places that a file's relative imports lead to, from the root; names of packages as they are. */
function imported(place: string, text: string): string[] {
  return importsOf(text).flatMap((name) =>
    name.startsWith('.') ? [path.posix.join(path.posix.dirname(place), name)] : [],
  )
}

function places(files: { place: string }[]): string[] {
  return files.map(({ place }) => place)
}

function fits(text: string, patterns: RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(text))
}

/** A group of tests is a list, not a function; the table of a `describe.each` stands above it. */
function isGroup(lines: string[], at: number): boolean {
  const indent = /^\s*/.exec(lines[at] ?? '')?.[0] ?? ''
  const statement = lines.slice(0, at + 1).findLast((line) => RegExp(`^${indent}\\w`).test(line))
  return statement?.startsWith(`${indent}describe`) ?? false
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
