/** Takes a stream's bytes as they come; `end` gives the rest that no line end followed. */
export interface LineSplitter {
  push(chunk: Uint8Array): void
  end(): void
}

const LINE_END = /\r\n|\n|\r/g

/**
 * Splits at \n, \r and \r\n (progress bars rewrite their line with \r). A line of more than
 * `lineBytesMax` bytes of UTF-8 comes in pieces, so that no line can fill the memory. Bytes that
 * are not UTF-8 become U+FFFD.
 */
export function splitLines(emit: (line: string) => void, lineBytesMax: number): LineSplitter {
  const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })
  const cut = makeCutter(lineBytesMax)
  let rest = ''
  let afterReturn = false

  const take = (text: string) => {
    // A \n that follows a \r of the chunk before belongs to that line's end.
    const start = afterReturn && text.startsWith('\n') ? 1 : 0
    if (text !== '') afterReturn = text.endsWith('\r')
    let from = start
    LINE_END.lastIndex = start
    for (let match = LINE_END.exec(text); match; match = LINE_END.exec(text)) {
      emitAll(rest + text.slice(from, match.index))
      rest = ''
      from = LINE_END.lastIndex
    }
    rest = cut(rest + text.slice(from), emit)
  }
  const emitAll = (line: string) => emit(cut(line, emit))

  return {
    push: (chunk) => take(decoder.decode(chunk, { stream: true })),
    end: () => {
      take(decoder.decode())
      if (rest !== '') emit(rest)
      rest = ''
    },
  }
}

/** Emits pieces of exactly as many whole characters as fit, and returns what is left. */
function makeCutter(lineBytesMax: number) {
  const encoder = new TextEncoder()
  const room = new Uint8Array(lineBytesMax)
  return (line: string, emit: (piece: string) => void): string => {
    let rest = line
    // A UTF-16 unit is at most 3 bytes of UTF-8: short lines need no measuring.
    while (rest.length * 3 > lineBytesMax) {
      const { read } = encoder.encodeInto(rest, room)
      if (read >= rest.length) break
      emit(rest.slice(0, read))
      rest = rest.slice(read)
    }
    return rest
  }
}
