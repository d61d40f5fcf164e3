/** The record's fields as Redis answers them. */
export type Fields = ReadonlyMap<string, string>

/** From HMGET's answer, in the order asked. */
export function fieldsOf(names: readonly string[], values: readonly (string | null)[]): Fields {
  const fields = new Map<string, string>()
  for (const [place, name] of names.entries()) {
    const value = values[place]
    if (typeof value === 'string') fields.set(name, value)
  }
  return fields
}

/** From HGETALL's flat answer inside a script. */
export function fieldsOfPairs(pairs: readonly string[]): Fields {
  const fields = new Map<string, string>()
  for (let place = 0; place + 1 < pairs.length; place += 2) {
    fields.set(pairs[place] ?? '', pairs[place + 1] ?? '')
  }
  return fields
}
