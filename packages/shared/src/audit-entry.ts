import * as z from 'zod'
import { pageBy } from './page-query.ts'
import { timeQuery } from './query.ts'

/** What is noted who did it: changes of these, and packages that were taken away. */
export const AUDIT_KINDS = [
  'keys',
  'hooks',
  'credentials',
  'functions',
  'dependencies',
  'downloads',
] as const
export type AuditKind = (typeof AUDIT_KINDS)[number]

/** Who did what, and when. */
export const auditEntrySchema = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    kind: z.enum(AUDIT_KINDS),
    key: z.string().describe('The id of the key; env_... is one of the environment of the API.'),
    keyName: z.string().optional(),
    method: z.string(),
    path: z.string().describe('What was asked for; of what was made, where it is.'),
    requestId: z.string(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.output<typeof auditEntrySchema>

/** Newest first. */
export const auditQuery = pageBy(/^\d{1,15}-\d{1,15}$/).extend({
  kind: z.enum(AUDIT_KINDS).optional(),
  after: timeQuery.optional(),
  before: timeQuery.optional(),
})
