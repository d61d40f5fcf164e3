import type { BuildRequest } from './request.ts'

/** Where things lie in the object store. Every key carries its tenant. */
export const STORE_KEYS = {
  /** "map": a bundle's source map, which lies beside its package and goes with it. */
  package: (tenant: string, name: string, sha256: string, format: 'zip' | 'jar' | 'map') =>
    `packages/${tenant}/${name}/${sha256}.${format}`,
  /** In the profile's deployment bucket, below its prefix. */
  deployed: (tenant: string, name: string, sha256: string, format: 'zip' | 'jar') =>
    `${tenant}/${name}/${sha256}.${format}`,
  dependency: (tenant: string, name: string, sha256: string) =>
    `dependencies/${tenant}/${name}/${sha256}.zip`,
  upload: (tenant: string, sha256: string, format: 'zip' | 'jar') =>
    `uploads/${tenant}/${sha256}.${format}`,
  /**
   * Only of packages with hundreds of libraries; others have it in their build's record. It lies
   * beside its package and goes with it.
   */
  sbom: (packageKey: string) => packageKey.replace(/\.(?:zip|jar)$/, '.cdx.json'),
  /** Inline files of a request that were too many for its record. */
  inline: (tenant: string, sha256: string) => `inline/${tenant}/${sha256}.json`,
  /** The content of one online file. */
  draftFile: (tenant: string, sha256: string) => `drafts/${tenant}/${sha256}`,
  /** A whole draft, as a build has it. */
  draft: (tenant: string, sha256: string) => `drafts/${tenant}/${sha256}.zip`,
  /** What a build makes: a function's package, or a dependency package. */
  made: (
    tenant: string,
    { type, function: name }: Pick<BuildRequest, 'type' | 'function'>,
    sha256: string,
    format: 'zip' | 'jar' | 'map',
  ): string =>
    type === 'dependency'
      ? STORE_KEYS.dependency(tenant, name, sha256)
      : STORE_KEYS.package(tenant, name, sha256, format),
  /** Below these lies what is removed when nothing names it any more. */
  swept: ['inline/', 'uploads/', 'drafts/', 'packages/', 'dependencies/'],
} as const
