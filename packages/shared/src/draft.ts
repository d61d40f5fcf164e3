import * as z from 'zod'
import { LIMITS } from './limits.ts'
import { says } from './says.ts'
import { entryPathSchema, inlineFile, uploadIdSchema } from './source.ts'

/** Lies in a folder that the command line has pulled a draft into; no part of any source. */
export const PULLED_FILE = '.packline-draft.json'

/** One online file, link or folder; its content lies in the store under its digest. */
export interface DraftEntry {
  kind: 'file' | 'link' | 'folder'
  /** Bytes; 0 for links and folders. */
  size: number
  sha256?: string
  executable?: boolean
  /** No UTF-8 text. */
  binary?: boolean
  linkTarget?: string
}

/** An uploaded archive that is too large for the editor: listed, not opened. */
export interface DraftArchive {
  upload: string
  /** Bytes. */
  size: number
  unpackedSize: number
  entries: number
  entryNameEncoding?: 'gb18030'
}

/** Where the entry is one that an editor may open and change. */
export const draftEntrySchema = z.object({
  path: z.string(),
  kind: z.enum(['file', 'link', 'folder']),
  size: z.int(),
  sha256: z.string().optional(),
  executable: z.boolean(),
  binary: z.boolean(),
  linkTarget: z.string().optional(),
  /** Of a file: what If-Match takes. */
  etag: z.string().optional(),
})

/** All online files of a function, and which version of them this is. */
export const draftViewSchema = z
  .object({
    version: z.int(),
    etag: z.string(),
    /** false: `reason` says why not. */
    editable: z.boolean(),
    reason: z.string().optional(),
    /** The archive that was too large to be opened. */
    upload: z.string().optional(),
    files: z.int(),
    /** Bytes of all files. */
    size: z.int(),
    entries: z.array(draftEntrySchema),
  })
  .meta({ id: 'Draft' })

/** What a change answers; `etag` is the draft's, `entry` what was written. */
export const draftChangeSchema = z
  .object({ version: z.int(), etag: z.string(), entry: draftEntrySchema.optional() })
  .meta({ id: 'DraftChange' })

/** All or nothing: what is not named stays as it is. */
export const draftSaveSchema = z
  .strictObject({
    /** Of the draft that the changes were made on. */
    version: z.int().min(0),
    files: z
      .record(entryPathSchema, inlineFile)
      .refine(
        (files) => Object.keys(files).length <= LIMITS.inlineFilesMax,
        says({
          en: `must hold at most ${LIMITS.inlineFilesMax} files; import a ZIP instead`,
          zh: `最多 ${LIMITS.inlineFilesMax} 个文件；更多请导入 ZIP`,
        }),
      )
      .default({}),
    /** Files, and folders with all that is in them. */
    deletes: z.array(entryPathSchema).max(LIMITS.draftEntriesMax).default([]),
  })
  .meta({ id: 'DraftSave' })

/** A file, or a folder with all that is in it. */
export const draftMoveSchema = z
  .strictObject({ from: entryPathSchema, to: entryPathSchema })
  .meta({ id: 'DraftMove' })

/** Takes the place of the whole draft. */
export const draftImportSchema = z
  .strictObject({
    upload: uploadIdSchema,
    /** As the upload's, for names that do not say that they are UTF-8. */
    entryNameEncoding: z.enum(['gb18030']).optional(),
  })
  .meta({ id: 'DraftImport' })

const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

/** How an entry is written. */
export const draftFileQuery = z.object({
  kind: z.enum(['file', 'folder']).default('file'),
  /** Without it as it was; a new file is not. */
  executable: flag.optional(),
})

export type DraftView = z.output<typeof draftViewSchema>
export type DraftEntryView = z.output<typeof draftEntrySchema>
export type DraftChangeView = z.output<typeof draftChangeSchema>
export type DraftSaveInput = z.input<typeof draftSaveSchema>
export type DraftMove = z.output<typeof draftMoveSchema>
export type DraftImport = z.output<typeof draftImportSchema>
