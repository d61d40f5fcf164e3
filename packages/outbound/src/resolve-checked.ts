import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'

/**
 * A name service for one connection, which hands on no address before all were judged: one that is
 * refused refuses the name, with the error that `refusal` gives. Numbers are never looked up.
 */
export function resolveChecked(
  refusal: (addresses: readonly string[]) => Error | undefined,
  lookup: LookupFunction = systemLookup as LookupFunction,
): LookupFunction {
  return (hostname, { all, ...options }, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, [])
      const list = Array.isArray(found) ? found : [{ address: found, family: isIP(found) }]
      const refused = refusal(list.map(({ address }) => address))
      const [first] = list
      if (refused || !first) return callback(refused ?? new Error('no address'), [])
      return all ? callback(null, list) : callback(null, first.address, first.family)
    })
  }
}
