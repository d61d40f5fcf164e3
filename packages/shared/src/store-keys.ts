/** Where things lie in the object store. Every key carries its tenant. */
export const STORE_KEYS = {
  package: (tenant: string, name: string, sha256: string, format: 'zip' | 'jar') =>
    `packages/${tenant}/${name}/${sha256}.${format}`,
  upload: (tenant: string, sha256: string, format: 'zip' | 'jar') =>
    `uploads/${tenant}/${sha256}.${format}`,
  /** Inline files of a request that were too many for its record. */
  inline: (tenant: string, sha256: string) => `inline/${tenant}/${sha256}.json`,
} as const
