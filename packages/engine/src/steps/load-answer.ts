import { LIMITS } from '@packline/shared'
import * as z from 'zod'
import type { ToolResult } from '../process/command.ts'

const answerSchema = z.object({
  ok: z.boolean(),
  message: z.string().max(4000).optional(),
  path: z.string().max(1024).optional(),
  line: z.int().positive().optional(),
  /** Modules that the platform has pre-installed and this worker has not: stand-ins were loaded. */
  assumed: z.array(z.string().max(100)).max(100).optional(),
  /** One of these that nothing can stand in for. */
  lacking: z.string().max(100).optional(),
})

/** What a loader says of a handler; `message`: why it does not load. */
export type LoadAnswer = z.output<typeof answerSchema>

/** Hears the answer among all that the code under test prints; other lines go on. */
export interface AnswerListener {
  onLine(line: string): void
  /** The first answer; without one, how the process ended or why it was ended. */
  answer(end: ToolResult | Error): LoadAnswer
}

/**
 * Only who knows the token can answer; the code under test prints what it likes, before and after.
 */
export function listenFor(token: string, log: (line: string) => void): AnswerListener {
  let heard: string | undefined
  const start = `${token} `
  return {
    onLine: (line) => {
      if (line.startsWith(start)) heard ??= line.slice(start.length)
      else if (line !== '') log(line)
    },
    answer: (end) => {
      if (heard === undefined) return ended(end)
      // A line of more than LIMITS.logLineBytesMax comes in pieces, and is whole in the result.
      const isCut = heard.length >= LIMITS.logLineBytesMax / 4 && 'stdout' in end
      return parse((isCut ? wholeLine(end, start) : undefined) ?? heard)
    },
  }
}

function wholeLine({ stdout }: ToolResult, start: string): string | undefined {
  const line = stdout.split('\n').find((text) => text.startsWith(start))
  return line?.slice(start.length)
}

function ended(end: ToolResult | Error): LoadAnswer {
  if (end instanceof Error) return { ok: false, message: end.message }
  const { exitCode, signal, output } = end
  const how = exitCode === null ? `signal ${signal}` : `exit code ${exitCode}`
  const last = output.slice(-5).join('\n')
  return { ok: false, message: `the process ended with ${how} while loading\n${last}`.trim() }
}

function parse(text: string): LoadAnswer {
  try {
    return answerSchema.parse(JSON.parse(text))
  } catch {
    const shown = text.slice(0, 200)
    return { ok: false, message: `the load check's answer could not be read: ${shown}` }
  }
}
