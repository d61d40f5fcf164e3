import { type DeliveryView, PacklineError, toFailure } from '@packline/shared'
import { expect, test } from 'vitest'
import { deliveryResult } from './delivery-result.ts'

const DELIVERY: DeliveryView = { id: 'd1', receivedAt: '', event: 'push', outcome: 'accepted' }
const builds = [{ function: 'one', build: 'b1' }]
const unfit = [{ function: 'two', code: 'UNKNOWN_VERSION' as const, detail: 'there is no 99' }]
const failure = toFailure(new PacklineError('MANIFEST_INVALID', 'packline.yaml:3:\n what?'))

test.each<[string, Partial<DeliveryView>, string]>([
  ['was read', { builds }, '1 build'],
  ['has wrong functions', { builds, unfit }, '1 build, two is not right (UNKNOWN_VERSION)'],
  ['could not be read', { failure }, 'MANIFEST_INVALID: packline.yaml:3: what?'],
  ['was ignored', { reason: 'the branch is not built' }, 'the branch is not built'],
  ['is being read', {}, ''],
])('a delivery that %s says so in a line', (_what, more, line) => {
  expect(deliveryResult({ ...DELIVERY, ...more })).toBe(line)
})
