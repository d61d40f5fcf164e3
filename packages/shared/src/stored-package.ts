import * as z from 'zod'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** The finished package and where it lies. Sizes are bytes. */
export const storedPackageSchema = z
  .object({
    key: z.string().describe('Key in the object store.'),
    address: z.string().describe('s3://bucket/key or a file URL: what the store can be asked for.'),
    deployFrom: z
      .url()
      .optional()
      .describe("Its copy in the profile's deployment bucket, for packages above 50 MB."),
    sourceMap: z
      .string()
      .optional()
      .describe("Key of its bundle's source map, where the request asks for one."),
    format: z.enum(['zip', 'jar']),
    size: z.int().min(0),
    sha256,
    entries: z.int().min(0).describe('Files inside, folders not counted.'),
    unpackedSize: z.int().min(0),
  })
  .meta({ id: 'StoredPackage' })
export type StoredPackage = z.output<typeof storedPackageSchema>

/** The dependency package that `build.split` put apart. */
export const splitPackageSchema = z
  .object({ name: z.string(), revision: z.int().min(1), package: storedPackageSchema })
  .meta({ id: 'SplitPackage' })
export type SplitPackage = z.output<typeof splitPackageSchema>
