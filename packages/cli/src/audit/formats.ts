/** How `packline audit` prints what it found. */
export const FORMATS = ['table', 'json', 'csv'] as const
export type AuditFormat = (typeof FORMATS)[number]
