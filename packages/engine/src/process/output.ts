import { LIMITS } from '@packline/shared'
import { makeHider } from '../secrets/hider.ts'
import type { RunOptions, ToolResult } from './command.ts'
import { splitLines } from './line-splitter.ts'

/** Bytes of each stream that a result keeps, and lines of both for the failure's reader. */
const TAIL_BYTES_MAX = 64 * 1024
const OUTPUT_LINES_MAX = 40

type StreamName = 'stdout' | 'stderr'

/** What a running command prints. `exceeded` is called once, when it prints too much. */
export interface Output {
  push(stream: StreamName, chunk: Uint8Array): void
  /** A line of the worker's own, among those of the command but in neither stream. */
  add(line: string): void
  /** Lines without an end are given out; nothing may be pushed after. */
  finish(): Pick<ToolResult, 'stdout' | 'stderr' | 'output'>
}

type OutputOptions = Pick<RunOptions, 'outputBytesMax' | 'onLine' | 'hide'>

export function collectOutput(
  { outputBytesMax, onLine, hide = makeHider([]) }: OutputOptions,
  exceeded: () => void,
): Output {
  const lines: string[] = []
  const lineOf = (stream: StreamName) => {
    const hideIn = hide.lines()
    return (printed: string) => {
      const line = hideIn(printed)
      lines.push(line)
      if (lines.length > 2 * OUTPUT_LINES_MAX) lines.splice(0, lines.length - OUTPUT_LINES_MAX)
      onLine?.(line, stream)
    }
  }
  const splitters = {
    stdout: splitLines(lineOf('stdout'), LIMITS.logLineBytesMax),
    stderr: splitLines(lineOf('stderr'), LIMITS.logLineBytesMax),
  }
  const tails = { stdout: keepTail(TAIL_BYTES_MAX), stderr: keepTail(TAIL_BYTES_MAX) }
  let left = outputBytesMax

  return {
    push: (stream, chunk) => {
      if (left < 0) return
      const taken = chunk.subarray(0, left)
      left -= chunk.length
      splitters[stream].push(taken)
      tails[stream].push(taken)
      if (left < 0) exceeded()
    },
    add: lineOf('stderr'),
    finish: () => {
      splitters.stdout.end()
      splitters.stderr.end()
      const output = lines.slice(-OUTPUT_LINES_MAX)
      return {
        stdout: hide.text(tails.stdout.text()),
        stderr: hide.text(tails.stderr.text()),
        output,
      }
    },
  }
}

/** The last bytes of a stream; the room grows to twice as many, so that few pushes have to move. */
function keepTail(bytesMax: number) {
  let room = Buffer.allocUnsafe(4096)
  let used = 0
  let dropped = false

  const makeRoom = (wanted: number) => {
    if (used + wanted <= room.length) return
    const size = Math.min(2 * bytesMax, 2 * Math.max(room.length, wanted))
    const kept = Math.min(used, size - wanted, bytesMax)
    const next = size > room.length ? Buffer.allocUnsafe(size) : room
    room.copy(next, 0, used - kept, used)
    dropped ||= kept < used
    room = next
    used = kept
  }
  return {
    push: (chunk: Uint8Array) => {
      const taken = chunk.subarray(-bytesMax)
      dropped ||= taken.length < chunk.length
      makeRoom(taken.length)
      room.set(taken, used)
      used += taken.length
    },
    text: () => {
      const cut = dropped || used > bytesMax
      let start = Math.max(0, used - bytesMax)
      // The first character may have been cut in two: skip its continuation bytes.
      const last = cut ? Math.min(used, start + 3) : start
      while (start < last && ((room[start] ?? 0) & 0xc0) === 0x80) start++
      return room.toString('utf8', start, used)
    },
  }
}
