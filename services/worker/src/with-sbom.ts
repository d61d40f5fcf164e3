import { createHash } from 'node:crypto'
import type { BuildOutcome } from '@packline/engine'
import type { Records } from '@packline/records'
import { STORE_KEYS } from '@packline/shared'
import type { Store } from '@packline/stores'

type Succeeded = Extract<BuildOutcome, { status: 'succeeded' }>

/** A record holds so much of it; a package of some two hundred libraries has more. */
const IN_REPORT_BYTES_MAX = 64 * 1024

/** The build with its SBOM in the report, or behind a key in the store where it is large. */
export async function withSbom(
  made: Succeeded,
  store: Pick<Store, 'put'>,
  claim: Records['claim'],
  signal: AbortSignal,
): Promise<Succeeded> {
  const { sbom, report } = made
  const bytes = Buffer.from(sbom)
  if (bytes.length <= IN_REPORT_BYTES_MAX) {
    return { ...made, report: { ...report, sbom: JSON.parse(sbom) } }
  }
  const key = STORE_KEYS.sbom(made.package.key)
  const contentType = 'application/vnd.cyclonedx+json; version=1.6'
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  // An old one of an equal package may just be being removed.
  await claim([key])
  await store.put(key, { bytes }, { sha256, contentType, signal })
  return { ...made, report: { ...report, sbomIn: key } }
}
