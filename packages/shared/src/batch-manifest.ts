import * as z from 'zod'
import { BUILD_STATES } from './event.ts'
import { failureSchema } from './failure.ts'
import { verdictReasonSchema } from './finding.ts'
import type { BuildView } from './record.ts'

/** One line of a batch's manifest: how a build ended, and where its package is. */
export const manifestLineSchema = z
  .object({
    function: z.string(),
    id: z.string(),
    state: z.enum(BUILD_STATES),
    verdict: verdictReasonSchema.optional(),
    address: z.string().optional().describe('Of the package in the object store.'),
    deployFrom: z
      .url()
      .optional()
      .describe("Of its copy in the profile's deployment bucket, where it has one."),
    sha256: z.string().optional(),
    size: z.int().optional().describe('Bytes.'),
    file: z.string().optional().describe('In the ZIP of packages.'),
    failure: failureSchema.optional(),
    cancelReason: z.string().optional(),
  })
  .meta({ id: 'BatchManifestLine' })
export type ManifestLine = z.output<typeof manifestLineSchema>

export function manifestLineOf(build: BuildView, file?: string): ManifestLine {
  const { id, function: name, state, verdict, failure, cancelReason } = build
  const { address, deployFrom, sha256, size } = build.package ?? {}
  return {
    function: name,
    id,
    state,
    verdict,
    address,
    deployFrom,
    sha256,
    size,
    file: build.package && file,
    failure,
    cancelReason,
  }
}
