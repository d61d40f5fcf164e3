/**
 * Whether a branch's or tag's name fits a pattern: `*` is any text without a slash, `**` any text,
 * `?` one character that is no slash. In time of pattern times name, whatever the pattern: globs
 * that become regular expressions can keep a process for hours.
 */
export function matchesRef(pattern: string, name: string): boolean {
  const tokens = pattern.match(/\*\*|[\s\S]/gu) ?? []
  const characters = [...name]
  // places[n]: whether the tokens so far can take the first n characters.
  let places = [true, ...characters.map(() => false)]
  for (const token of tokens) {
    const next = places.map(() => false)
    for (let at = 0; at <= characters.length; at += 1) {
      const before = characters[at - 1]
      const isStep = at > 0 && places[at - 1] === true
      if (token === '**') next[at] = places[at] === true || (at > 0 && next[at - 1] === true)
      else if (token === '*') {
        next[at] = places[at] === true || (at > 0 && next[at - 1] === true && before !== '/')
      } else if (token === '?') next[at] = isStep && before !== '/'
      else next[at] = isStep && before === token
    }
    places = next
  }
  return places[characters.length] === true
}
