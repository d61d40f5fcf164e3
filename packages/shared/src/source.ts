import * as z from 'zod'
import { LIMITS } from './limits.ts'

/** A path inside a source or package: relative, forward slashes, no dot segments. */
export const entryPathSchema = z
  .string()
  .min(1)
  .max(1024)
  .refine((path) => isEntryPath(path), {
    error: 'must be a relative path with forward slashes, without "..", "." or control characters',
  })
  .refine((path) => path.split('/').every(fitsFileSystems), {
    error: 'must have no name of more than 255 bytes',
  })

/** Whether a path may stand in a package (rule entry-names, the part that one path can show). */
export function isEntryPath(path: string): boolean {
  if (path === '' || path.startsWith('/') || /^[A-Za-z]:/.test(path)) return false
  if (/[\u0000-\u001f\u007f\\]/.test(path) || !path.isWellFormed()) return false
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

/** Linux holds names of at most 255 bytes. */
function fitsFileSystems(name: string): boolean {
  return new TextEncoder().encode(name).length <= 255
}

/**
 * The first two paths that can not stand side by side: equal but for case or Unicode form, or a
 * file where the other needs a folder. Undefined where all can.
 */
export function clashOf(paths: readonly string[]): [string, string] | undefined {
  const folded = new Map<string, string>()
  for (const path of paths) {
    const name = fold(path)
    const other = folded.get(name)
    if (other !== undefined) return [other, path]
    folded.set(name, path)
  }
  for (const [name, path] of folded) {
    for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
      const file = folded.get(name.slice(0, at))
      if (file !== undefined) return [file, path]
    }
  }
  return undefined
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase()
}

const inlineFile = z.union([
  z.string(),
  z.strictObject({ base64: z.base64(), executable: z.boolean().optional() }),
  z.strictObject({ text: z.string(), executable: z.boolean().optional() }),
])

/** `source`: build it; `package`: it is finished, check it and pass it on. */
const as = z.enum(['source', 'package']).optional()

export const sourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('inline'),
    files: z
      .record(entryPathSchema, inlineFile)
      .refine((files) => Object.keys(files).length > 0, { error: 'must hold at least one file' })
      .refine((files) => Object.keys(files).length <= LIMITS.inlineFilesMax, {
        error: `must hold at most ${LIMITS.inlineFilesMax} files; upload a ZIP instead`,
      })
      .superRefine((files, context) => {
        const [one, other] = clashOf(Object.keys(files)) ?? []
        if (one === undefined) return
        const message = `"${one}" and "${other}" can not both be in one package`
        context.addIssue({ code: 'custom', message })
      }),
    as,
  }),
  z.strictObject({
    kind: z.literal('upload'),
    upload: z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be the id that an upload answered' }),
    as,
  }),
  z.strictObject({
    kind: z.literal('git'),
    url: z.string().min(1).max(2048),
    ref: z.string().min(1).max(256).default('HEAD'),
    path: entryPathSchema.optional(),
    as,
  }),
])

export type InlineFile = z.output<typeof inlineFile>
/** A folder on this machine: the command line's own source, never a request's over HTTP. */
export interface FolderSource {
  kind: 'folder'
  path: string
  /** Absolute paths that are no part of it: where the package goes may lie inside. */
  leaveOut?: readonly string[]
  as?: 'source' | 'package'
}

export type SourceSpec = z.output<typeof sourceSchema> | FolderSource
export type SourceKind = SourceSpec['kind']
export type SourceOf<K extends SourceKind> = Extract<SourceSpec, { kind: K }>

/** What was found behind a source, exactly enough to build the same again. */
export type SourcePin =
  | { kind: 'inline'; sha256: string }
  | { kind: 'upload'; sha256: string; size: number }
  | { kind: 'git'; url: string; ref: string; commit: string; path?: string }
  | { kind: 'folder'; sha256: string }
