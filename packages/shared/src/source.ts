import * as z from 'zod'
import { credentialNameSchema } from './credential.ts'
import { LIMITS } from './limits.ts'
import { says } from './says.ts'

/** A path inside a source or package: relative, forward slashes, no dot segments. */
export const entryPathSchema = z
  .string()
  .min(1)
  .max(1024)
  .refine(
    (path) => isEntryPath(path),
    says({
      en: 'must be a relative path with forward slashes, without "..", "." or control characters',
      zh: '应为以 / 分隔的相对路径，不含 ".."、"." 和控制字符',
    }),
  )
  .refine(
    (path) => path.split('/').every(fitsFileSystems),
    says({ en: 'must have no name of more than 255 bytes', zh: '其中每个名称最多 255 字节' }),
  )

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

export const inlineFile = z.union([
  z.string(),
  z.strictObject({
    base64: z.base64(says({ en: 'must be base64', zh: '应为 base64' })),
    executable: z.boolean().optional(),
  }),
  z.strictObject({ text: z.string(), executable: z.boolean().optional() }),
])

/** What the answer to an upload calls it. */
export const uploadIdSchema = z
  .string()
  .regex(
    /^[0-9a-f]{64}$/,
    says({ en: 'must be the id that an upload answered', zh: '应为上传后返回的 id' }),
  )

/** `source`: build it; `package`: it is finished, check it and pass it on. */
const as = z.enum(['source', 'package']).optional()

/** Where git clones from. It is shown and logged as it is: what opens it is a credential. */
export const repositoryUrlSchema = z
  .string()
  .min(1)
  .max(2048)
  .refine(
    (url) => !opensByItself(url),
    says({
      en: 'must hold no user, no password and no query: a credential opens it',
      zh: '不能含有用户名、密码和查询参数：访问它要用凭据',
    }),
  )
  .describe('Without user, password and query: what opens it is a credential.')

/** ssh alone has a user who is nobody in particular. */
function opensByItself(address: string): boolean {
  const url = URL.parse(address)
  if (!url) return false
  const isWeb = /^https?:$/.test(url.protocol)
  return url.password !== '' || (isWeb && (url.username !== '' || url.search !== ''))
}

/** What git-check-ref-format(1) forbids, and anything that a command line could misread. */
const NOT_A_REF = /^[-/.+^:]|[\s~^:?*[\\\p{Cc}]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|[/.]$|^@$/u

/** Whether it can be the name of a branch or tag, or a commit id. */
export function isRef(ref: string): boolean {
  return !NOT_A_REF.test(ref)
}

export const gitSourceSchema = z.strictObject({
  kind: z.literal('git'),
  url: repositoryUrlSchema,
  ref: z
    .string()
    .min(1)
    .max(256)
    .refine(
      isRef,
      says({
        en: 'must be the name of a branch or tag, or a full commit id',
        zh: '应为分支或标签的名称，或完整的提交标识',
      }),
    )
    .default('HEAD'),
  path: entryPathSchema.optional(),
  credential: credentialNameSchema
    .optional()
    .describe('The name of a credential; without it that of the server, if there is one.'),
  as,
})

const others = [
  z.strictObject({
    kind: z.literal('inline'),
    files: z
      .record(entryPathSchema, inlineFile)
      .refine(
        (files) => Object.keys(files).length > 0,
        says({ en: 'must hold at least one file', zh: '应至少有一个文件' }),
      )
      .refine(
        (files) => Object.keys(files).length <= LIMITS.inlineFilesMax,
        says({
          en: `must hold at most ${LIMITS.inlineFilesMax} files; upload a ZIP instead`,
          zh: `最多 ${LIMITS.inlineFilesMax} 个文件；更多请上传 ZIP`,
        }),
      )
      .superRefine((files, context) => {
        const [one, other] = clashOf(Object.keys(files)) ?? []
        if (one === undefined) return
        const message = `"${one}" and "${other}" can not both be in one package`
        const zh = `"${one}" 和 "${other}" 不能同在一个部署包中`
        context.addIssue({ code: 'custom', message, params: { zh } })
      }),
    as,
  }),
  z.strictObject({
    kind: z.literal('upload'),
    upload: uploadIdSchema,
    as,
  }),
  gitSourceSchema,
  z.strictObject({
    kind: z.literal('url'),
    url: z
      .string()
      .max(8192)
      .regex(
        /^https?:\/\/[^\s@/?#]+([/?#]|$)/i,
        says({
          en: 'must be an https address without user and password',
          zh: '应为不含用户名和密码的 https 地址',
        }),
      )
      .describe('Its query, which may be a signature, is kept encrypted and shown to nobody.'),
    sha256: z
      .string()
      .regex(
        /^[0-9a-f]{64}$/,
        says({ en: 'must be 64 hexadecimal digits, or null', zh: '应为 64 位十六进制数或 null' }),
      )
      .nullable()
      .describe('Of the archive. null: whatever is there is built, with a warning.'),
    as,
  }),
  z.strictObject({
    kind: z.literal('object'),
    address: z
      .string()
      .min(1)
      .max(4096)
      .describe("`s3://bucket/key`, or the store's own http(s) address of the object."),
    credential: credentialNameSchema
      .optional()
      .describe('Which of the kept ones reads it; by default the last one written for the store.'),
    as,
  }),
] as const

const draft = z.strictObject({
  kind: z.literal('draft'),
  /** Refused where the draft has another by now; without it the newest. */
  version: z.int().min(0).optional(),
  as,
})

export const sourceSchema = z.discriminatedUnion('kind', [...others, draft])

/** As a build shows it: a draft as it was when the build was accepted. */
export const resolvedSourceSchema = z.discriminatedUnion('kind', [
  ...others,
  draft.extend({
    sha256: z.string().optional().describe('Of the archive that holds the files.'),
    size: z.int().optional(),
    upload: z.boolean().optional().describe('It is an upload that was too large to be opened.'),
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

export type SourceSpec = z.output<typeof resolvedSourceSchema> | FolderSource
export type SourceKind = SourceSpec['kind']
export type SourceOf<K extends SourceKind> = Extract<SourceSpec, { kind: K }>
/** The online files of the request's function; not pinned before the door. */
export type DraftSource = SourceOf<'draft'>
