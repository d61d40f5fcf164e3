import type { FailureCode } from '@packline/shared'

/** How a request for a build can be refused once it has the right form. */
export const INTAKE_FAILS: readonly FailureCode[] = [
  'UNKNOWN_RUNTIME',
  'UNKNOWN_VERSION',
  'HANDLER_FORM',
  'DEPENDENCY_PACKAGE_NOT_FOUND',
  'UPLOAD_NOT_FOUND',
  'SOURCE_NOT_FOUND',
  'PRECONDITION_FAILED',
  'FORMAT',
  'SOURCE_NOT_ALLOWED',
  'SECRETS_LOCKED',
  'BUCKET_NOT_KNOWN',
  'REGION_DIFFERS',
  'STORE_UNAVAILABLE',
]

export const PACKAGE_TYPES = ['application/zip', 'application/java-archive'] as const
