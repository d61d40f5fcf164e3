import type { DeliveryView } from '@packline/shared'
import { counted } from '@packline/terminal'

/** What came of a delivery in one line; all of it is in the JSON. */
export function deliveryResult({ failure, builds, unfit = [], reason = '' }: DeliveryView): string {
  if (failure) return `${failure.code}: ${failure.detail.replace(/\s+/g, ' ')}`
  if (!builds) return reason
  const wrong = unfit.map(({ function: name, code }) => `${name} is not right (${code})`)
  return [counted(builds.length, 'build'), ...wrong].join(', ')
}
