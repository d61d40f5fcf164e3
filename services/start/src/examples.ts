import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import {
  type BuildRequestInput,
  type InlineFile,
  type Manifest,
  manifestSchema,
  PacklineError,
} from '@packline/shared'
import { parse } from 'yaml'

const MANIFEST = 'packline.yaml'

/** One function of a folder with a packline.yaml, ready to be asked for with its files inline. */
export interface Example {
  name: string
  request: BuildRequestInput
  /** The failure's code that this one is there to show; undefined: it succeeds. */
  expect: string | undefined
}

/** What tools leave beside the source they work on. */
const LEFT_OUT = new Set(['node_modules', '__pycache__', '.git', '.DS_Store'])

/** The functions that the manifest of a folder lists, in its order; or throws MANIFEST_INVALID. */
export async function readExamples(folder: string): Promise<Example[]> {
  const { functions } = await readManifest(join(folder, MANIFEST))
  return Promise.all(
    Object.entries(functions).map(([name, listed]) => readExample(folder, name, listed)),
  )
}

async function readManifest(file: string): Promise<Manifest> {
  const manifest = manifestSchema.safeParse(await readYaml(file))
  if (manifest.success) return manifest.data
  const [issue] = manifest.error.issues
  throw invalid(file, `${issue?.path.join('.')}: ${issue?.message}`)
}

async function readYaml(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw invalid(file, error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : '')
  }
}

function invalid(file: string, found: string): PacklineError {
  return new PacklineError('MANIFEST_INVALID', `${file}: ${found}`, {
    hint: 'Mend the place that is named.',
  })
}

async function readExample(
  folder: string,
  name: string,
  { path, ...listed }: Manifest['functions'][string],
): Promise<Example> {
  const files = await readFiles(join(folder, path ?? '.'))
  const request = { ...listed, function: name, source: { kind: 'inline' as const, files } }
  return { name, request, expect: listed.labels?.expect }
}

async function readFiles(folder: string): Promise<Record<string, InlineFile>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = names
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name))
    .filter(
      (path) =>
        !relative(folder, path)
          .split(sep)
          .some((part) => LEFT_OUT.has(part)),
    )
  const files = paths.toSorted().map(async (path): Promise<[string, InlineFile]> => {
    const [bytes, { mode }] = await Promise.all([readFile(path), stat(path)])
    const inside = relative(folder, path).split(sep).join('/')
    return [inside, { base64: bytes.toString('base64'), executable: (mode & 0o111) !== 0 }]
  })
  return Object.fromEntries(await Promise.all(files))
}
