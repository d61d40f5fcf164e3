import * as z from 'zod'
import { SAYS_HTTP, says } from './says.ts'

/** Bytes of a Standard Webhooks secret. */
const SECRET_BYTES = { min: 24, max: 64 }

const url = z
  .url({ protocol: /^https?$/, ...SAYS_HTTP })
  .max(2048)
  .refine(
    (text) => URL.parse(text)?.username === '' && URL.parse(text)?.password === '',
    says({ en: 'must hold no user and no password', zh: '不能含有用户名和密码' }),
  )
  .describe('Its query, which may hold a key, is kept encrypted and shown to nobody.')

const secret = z.string().refine(
  isSecret,
  says({
    en: 'must be "whsec_" and 24 to 64 bytes in base64',
    zh: '应为 "whsec_" 加 24 到 64 个字节的 base64',
  }),
)

/** Who is told when a build has ended; the secret is write-only and signs what is sent. */
export const callbackSchema = z.strictObject({ url, secret }).meta({ id: 'Callback' })

export const BATCH_CALLBACK_EVENTS = ['build.finished', 'batch.finished'] as const

/** Told of each of its builds that has no callback of its own, and when all have ended. */
export const batchCallbackSchema = callbackSchema
  .extend({ events: z.array(z.enum(BATCH_CALLBACK_EVENTS)).min(1).optional() })
  .meta({ id: 'BatchCallback' })

export type Callback = z.output<typeof callbackSchema>
export type BatchCallback = z.output<typeof batchCallbackSchema>

function isSecret(text: string): boolean {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? []
  if (encoded === undefined || encoded.length % 4 !== 0) return false
  const bytes = (encoded.length / 4) * 3 - (encoded.length - encoded.replace(/=+$/, '').length)
  return bytes >= SECRET_BYTES.min && bytes <= SECRET_BYTES.max
}
