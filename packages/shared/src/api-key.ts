import * as z from 'zod'
import { SAYS_TIME, says } from './says.ts'

/** What a key is good for; each scope holds those before it. */
export const SCOPES = ['read', 'build', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** Whether a key of one scope may do what another is needed for. */
export function isAllowed(scope: Scope, needed: Scope): boolean {
  return SCOPES.indexOf(scope) >= SCOPES.indexOf(needed)
}

const SCOPE_WORDS =
  'read: look at and download everything of the tenant; build: also build, and change functions; ' +
  'admin: also keys, hooks, credentials, and the audit log.'

/** What a key is called and good for, and until when. */
export const keyRequestSchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(64)
      .refine(
        (name) => !/\p{Cc}/u.test(name),
        says({ en: 'must hold no control characters', zh: '不能有控制字符' }),
      )
      .describe('For people: who or what has it.'),
    scope: z.enum(SCOPES).default('build').describe(SCOPE_WORDS),
    expiresAt: z.iso
      .datetime({ offset: true, ...SAYS_TIME })
      .optional()
      .describe('In the future; without it the key holds until it is revoked.'),
  })
  .meta({ id: 'KeyRequest' })
export type KeyRequest = z.output<typeof keyRequestSchema>
export type KeyRequestInput = z.input<typeof keyRequestSchema>

/** All that is told of a key that is there. */
export const keyViewSchema = z
  .object({
    id: z.string().describe('What the key begins with: enough to find it by, too little to use.'),
    name: z.string(),
    scope: z.enum(SCOPES),
    createdAt: z.iso.datetime(),
    createdBy: z.string().describe('The id of the key that made it.'),
    expiresAt: z.iso.datetime({ offset: true }).optional(),
    lastUsedAt: z.iso.datetime().optional().describe('Up to a minute old.'),
  })
  .meta({ id: 'Key' })
export type KeyView = z.output<typeof keyViewSchema>

/** The only answer that has the key itself. */
export const keyMadeSchema = keyViewSchema
  .extend({ key: z.string().describe('Not shown again: only a digest of it is kept.') })
  .meta({ id: 'KeyMade' })
export type KeyMade = z.output<typeof keyMadeSchema>

/** The key that a request is made with, also one that was not made here. */
export const ownKeySchema = keyViewSchema
  .pick({ id: true, name: true, scope: true, expiresAt: true })
  .extend({ tenant: z.string().describe('Whose all is that the key reaches.') })
  .meta({ id: 'OwnKey' })
export type OwnKey = z.output<typeof ownKeySchema>

const WHOLE_KEY = /(pkl_[0-9a-z]{26})_[\w-]{43}/g

/** A text without keys that we made: of each only the id is left. */
export function withoutKeys(text: string): string {
  return text.replace(WHOLE_KEY, '$1')
}
