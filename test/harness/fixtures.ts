import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import {
  FAILURES,
  type FailureCode,
  RULE_IDS,
  RUNTIME_NAMES,
  type RuleId,
  type RuntimeName,
} from '@packline/shared'
import * as z from 'zod'
import { NEED_NAMES } from './needs.ts'
import { isPythonTool, pythonTool } from './python-tool.ts'

const FOLDER = join(import.meta.dirname, '../fixtures')

const fileSchema = z.union([
  z.string(),
  z.strictObject({
    /** Either; base64 for bytes that are no text. */
    text: z.string().optional(),
    base64: z.base64().optional(),
    executable: z.boolean().optional(),
    /** Octal, such as "600"; else 755 or 644. */
    mode: z
      .string()
      .regex(/^[0-7]{3,4}$/)
      .optional(),
    /** A symbolic link to this. */
    linkTarget: z.string().optional(),
  }),
])

const findingSchema = z.strictObject({
  rule: z.enum(RULE_IDS),
  level: z.enum(['error', 'warning', 'note']).optional(),
  path: z.string().optional(),
  line: z.int().positive().optional(),
  /** What its message has to say. */
  says: z.string().optional(),
})

const caseSchema = z.strictObject({
  /** What it shows, in one sentence. */
  title: z.string(),
  /** dependency: a dependency package, not a function's. */
  makes: z.enum(['function', 'dependency']).default('function'),
  /** Dependency packages that the function attaches: name -> its files. */
  dependencies: z.record(z.string(), z.record(z.string(), fileSchema)).default({}),
  /** For a version that this machine has, so that its load is held on any. */
  versionHere: z.boolean().default(false),
  /** The build request but for function, runtime and source. */
  request: z.record(z.string(), z.unknown()).default({}),
  /**
   * folder: as the command line takes it; upload: zipped and handed in; object: zipped and put into
   * a bucket of the function's region; checked: zipped and looked at, as `packline check` does.
   */
  source: z.enum(['folder', 'upload', 'object', 'checked']).default('folder'),
  /** python: zipped by Python, with the names and modes that the files have. */
  zippedBy: z.enum(['packline', 'python']).default('packline'),
  as: z.enum(['source', 'package']).optional(),
  /** Beside those of `files/`, for what git does not keep well: line ends, modes, links, bytes. */
  files: z.record(z.string(), fileSchema).default({}),
  /** What the machine must have, by the names of harness/needs.ts. */
  needs: z.array(z.enum(NEED_NAMES)).default([]),
  /** Tools that the worker is to lack, by the engine's own names. */
  without: z.array(z.enum(['cc', 'crossCc', 'zig', 'make'])).default([]),
  /** What the platform's profile says otherwise: merged into it, lists as a whole. */
  profile: z.record(z.string(), z.unknown()).default({}),
  /** Run in a copy of the files before, such as to make a lock file by its own tool. */
  prepare: z.array(z.array(z.string()).min(1)).default([]),
  expect: z.strictObject({
    /** Paths that the package must have, and must not. */
    entries: z.array(z.string()).default([]),
    absent: z.array(z.string()).default([]),
    /** All paths of the package, where they are few. */
    exactly: z.array(z.string()).optional(),
    /** Paths that what was split off must have. */
    split: z.array(z.string()).optional(),
    verdict: z.enum(['proved', 'checked', 'not-loaded']).optional(),
    mended: z.array(z.string()).optional(),
    /** As what it was taken, and why (rule source-or-package). */
    taken: z.strictObject({ as: z.enum(['source', 'package']), because: z.string() }).optional(),
    /** All that is frozen beside the package (rule configuration). */
    configuration: z.record(z.string(), z.json()).optional(),
    /** What came of the request's test event; `answer` is compared whole. */
    test: z
      .strictObject({
        ok: z.boolean(),
        answer: z.json().optional(),
        output: z.array(z.string()).optional(),
      })
      .optional(),
    /** Whether the package is the upload, byte for byte. */
    untouched: z.boolean().optional(),
    /** Package URLs that its SBOM must have, and those of them that must have a digest. */
    components: z.array(z.string()).default([]),
    digests: z.array(z.string()).default([]),
    /** Rules that find here what they look at, and nothing to say. */
    silent: z.array(z.enum(RULE_IDS)).default([]),
    /** All findings; those that only say what this machine lacks left out. */
    findings: z.array(findingSchema).default([]),
    failure: z
      .strictObject({
        code: z.enum(Object.keys(FAILURES) as [FailureCode, ...FailureCode[]]),
        /** Texts that its detail, hint, output or findings must have. */
        says: z.array(z.string()).default([]),
        /** Whose refusal it is, of rules that refuse before anything is found in a package. */
        rule: z.enum(RULE_IDS).optional(),
      })
      .optional(),
  }),
})

/** One folder of test/fixtures: a source, how it is asked for, and what must come of it. */
export interface Fixture extends z.output<typeof caseSchema> {
  name: string
  runtime: RuntimeName
  folder: string
}

/** Every fixture of these runtimes; throws as `parseCase` does. */
export async function readFixtures(...runtimes: RuntimeName[]): Promise<Fixture[]> {
  const found: Fixture[] = []
  for (const runtime of runtimes.length > 0 ? runtimes : RUNTIME_NAMES) {
    const names = await readdir(join(FOLDER, runtime))
    for (const name of names.sort()) {
      found.push(await readFixture(runtime, name, join(FOLDER, runtime, name)))
    }
  }
  return found
}

async function readFixture(runtime: RuntimeName, name: string, folder: string): Promise<Fixture> {
  const place = `test/fixtures/${runtime}/${name}/case.json`
  const text = await readFile(join(folder, 'case.json'), 'utf8')
  return { ...parseCase(text, place), name, runtime, folder }
}

/** Throws where a case.json, which lies at `place`, does not say what it should. */
export function parseCase(text: string, place: string): z.output<typeof caseSchema> {
  const parsed = caseSchema.safeParse(JSON.parse(text))
  if (!parsed.success) throw new Error(`${place}: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

/** The rules that do something in a fixture: find, refuse, decide, or freeze. */
export function firedIn({ expect: wanted }: Fixture): RuleId[] {
  const fired = wanted.findings.map(({ rule }) => rule)
  if (wanted.failure?.rule) fired.push(wanted.failure.rule)
  if (wanted.taken) fired.push('source-or-package')
  if (wanted.configuration) fired.push('configuration')
  return fired
}

/** Lays the files of a fixture out in an empty folder and runs what prepares them. */
export async function layOut(fixture: Fixture, target: string): Promise<void> {
  const kept = join(fixture.folder, 'files')
  await mkdir(target, { recursive: true })
  if (existsSync(kept)) await cp(kept, target, { recursive: true, verbatimSymlinks: true })
  await writeAll(fixture.files, target)
  for (const argv of fixture.prepare) await prepare(argv, target)
}

/** What comes as a Python package is the tests' own, whether the machine has one or not. */
async function prepare([program = '', ...args]: readonly string[], cwd: string): Promise<void> {
  const tool = isPythonTool(program) ? await pythonTool(program) : { path: program, env: {} }
  const env = { ...process.env, ...LOCKING, ...tool.env }
  await promisify(execFile)(tool.path, args, { cwd, env, timeout: PREPARE_MS_MAX })
}

/** Poetry and Pipenv make no environment beside the files, nor in the user's home. */
const LOCKING = {
  POETRY_VIRTUALENVS_CREATE: 'false',
  POETRY_CACHE_DIR: join(tmpdir(), 'packline-poetry'),
  WORKON_HOME: join(tmpdir(), 'packline-pipenv'),
  PIPENV_IGNORE_VIRTUALENVS: '1',
}

const PREPARE_MS_MAX = 120_000

/** Files of a case.json below a folder, which is made. */
export async function writeAll(files: Fixture['files'], target: string): Promise<void> {
  for (const [path, file] of Object.entries(files)) {
    const place = join(target, path)
    await mkdir(dirname(place), { recursive: true })
    await writeOne(place, typeof file === 'string' ? { text: file } : file)
  }
}

async function writeOne(place: string, file: Exclude<z.output<typeof fileSchema>, string>) {
  if (file.linkTarget !== undefined) return symlink(file.linkTarget, place)
  const bytes = file.base64 === undefined ? (file.text ?? '') : Buffer.from(file.base64, 'base64')
  await writeFile(place, bytes)
  await chmod(place, Number.parseInt(file.mode ?? (file.executable ? '755' : '644'), 8))
}
