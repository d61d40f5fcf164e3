import * as z from 'zod'
import { says, saysName } from './says.ts'

/** What a credential is called by, in paths and in sources. */
export const credentialNameSchema = z.string().regex(/^[A-Za-z][\w.-]{0,63}$/, saysName(64))

/** Names of object stores are the operator's. */
export const storeNameSchema = z.string().regex(
  /^[a-z][a-z0-9-]{0,62}$/,
  says({
    en: 'must be a lower-case letter, then lower-case letters, digits or "-", at most 63 characters',
    zh: '应以小写字母开头，其后为小写字母、数字或 "-"，最多 63 个字符',
  }),
)

/** A server, such as `git.example.com` or `git.example.com:8443`; nothing is told to another. */
const host = z
  .string()
  .max(255)
  .toLowerCase()
  .regex(
    /^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:\d{1,5})?$/,
    says({
      en: 'must be a host, with its port where that is not the usual one',
      zh: '应为主机名；端口不是常用端口时需写明',
    }),
  )

/** One line that may stand in a header. */
const word = (charactersMax: number) =>
  z
    .string()
    .min(1)
    .max(charactersMax)
    .regex(
      /^[\x21-\x7e]+$/,
      says({ en: 'must be one word of ASCII characters', zh: '应为一个不含空格的 ASCII 词' }),
    )

const privateKey = z
  .string()
  .max(16_384)
  .regex(
    /^-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n[\s\S]*-----END [A-Z ]*PRIVATE KEY-----\s*$/,
    says({
      en: 'must be a private key, from its BEGIN line to its END line',
      zh: '应为私钥，从 BEGIN 行到 END 行',
    }),
  )

/**
 * What lets a build read a source that is not everybody's. Written once and never shown again.
 * `git-token` and `git-key` hold for one server, `object` for one of the operator's stores.
 */
export const credentialSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('git-token'),
      host,
      username: word(128).optional(),
      token: word(4096),
    }),
    z.strictObject({
      kind: z.literal('git-key'),
      host,
      privateKey,
      knownHosts: z.string().min(1).max(65_536).optional(),
    }),
    z.strictObject({
      kind: z.literal('object'),
      store: storeNameSchema,
      accessKeyId: word(128),
      secretAccessKey: word(256),
    }),
  ])
  .meta({ id: 'Credential' })

export type Credential = z.output<typeof credentialSchema>
export type CredentialKind = Credential['kind']
export type CredentialOf<K extends CredentialKind> = Extract<Credential, { kind: K }>

/** All that is ever told of a credential. */
export const credentialViewSchema = z
  .object({
    name: z.string(),
    kind: z.enum(['git-token', 'git-key', 'object']),
    host: z.string().optional(),
    store: z.string().optional(),
    writtenAt: z.iso.datetime(),
  })
  .meta({ id: 'CredentialView' })
export type CredentialView = z.output<typeof credentialViewSchema>

/** The credential that a source asks for; without a name the one that was written last. */
export type CredentialQuery<K extends CredentialKind = CredentialKind> = {
  kind: K
  name?: string
} & (K extends 'object' ? { store: string } : { host: string })
