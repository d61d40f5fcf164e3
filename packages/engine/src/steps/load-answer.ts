import { LIMITS } from '@packline/shared'
import * as z from 'zod'
import type { ToolResult } from '../process/command.ts'

const place = {
  message: z.string().max(4000).optional(),
  path: z.string().max(1024).optional(),
  line: z.int().positive().optional(),
}

const loadSchema = z.object({
  ok: z.boolean(),
  ...place,
  /** Modules that the platform has pre-installed and this worker has not: stand-ins were loaded. */
  assumed: z.array(z.string().max(100)).max(100).optional(),
  /** One of these that nothing can stand in for. */
  lacking: z.string().max(100).optional(),
})

const callSchema = z.object({
  called: z.object({
    ok: z.boolean(),
    ...place,
    answer: z.unknown().optional(),
    ms: z.number().nonnegative().optional(),
    memoryBytes: z.number().nonnegative().optional(),
  }),
})

/** What a loader says of a handler; `message`: why it does not load. */
export type LoadAnswer = z.output<typeof loadSchema>

/** What it says of a call with a test event, and what was printed meanwhile. */
export type CallAnswer = z.output<typeof callSchema>['called'] & { output: string[] }

/** Hears the answers among all that the code under test prints; other lines go on. */
export interface AnswerListener {
  onLine(line: string): void
  /** The first answer; without one, how the process ended or why it was ended. */
  answer(end: ToolResult | Error): LoadAnswer
  /** The second; asked for only where the first one was good. */
  called(end: ToolResult | Error): CallAnswer
}

/**
 * Only who knows the token can answer; the code under test prints what it likes, before, between
 * and after.
 */
export function listenFor(token: string, log: (line: string) => void): AnswerListener {
  const heard: string[] = []
  const output: string[] = []
  const start = `${token} `
  const whole = (at: number, end: ToolResult | Error) => {
    const text = heard[at]
    // A line of more than LIMITS.logLineBytesMax comes in pieces, and is whole in the result.
    const isCut = text !== undefined && text.length >= LIMITS.logLineBytesMax / 4
    return (isCut && 'stdout' in end ? wholeLine(end, start, at) : undefined) ?? text
  }
  return {
    onLine: (line) => {
      if (line.startsWith(start)) heard.push(line.slice(start.length))
      else if (line !== '') {
        log(line)
        if (heard.length === 1) output.push(line)
        if (output.length > LIMITS.testOutputLinesMax) output.shift()
      }
    },
    answer: (end) => {
      const text = whole(0, end)
      return text === undefined ? { ok: false, message: how(end, 'loading') } : parseLoad(text)
    },
    called: (end) => {
      const text = whole(1, end)
      const answer = text === undefined ? failed(how(end, 'called')) : parseCall(text)
      return { ...answer, output }
    },
  }
}

function wholeLine({ stdout }: ToolResult, start: string, at: number): string | undefined {
  const line = stdout.split('\n').filter((text) => text.startsWith(start))[at]
  return line?.slice(start.length)
}

function how(end: ToolResult | Error, doing: string): string {
  if (end instanceof Error) return end.message
  const { exitCode, signal, output } = end
  const ended = exitCode === null ? `signal ${signal}` : `exit code ${exitCode}`
  const last = output.slice(-5).join('\n')
  return `the process ended with ${ended} while ${doing}\n${last}`.trim()
}

function failed(message: string) {
  return { ok: false, message }
}

function parseLoad(text: string): LoadAnswer {
  return parsed(text, (value) => loadSchema.parse(value))
}

function parseCall(text: string): z.output<typeof callSchema>['called'] {
  return parsed(text, (value) => callSchema.parse(value).called)
}

function parsed<T>(text: string, read: (value: unknown) => T): T | ReturnType<typeof failed> {
  try {
    return read(JSON.parse(text))
  } catch {
    // Said by code that we do not know, so it is shown and not thrown.
    return failed(`the load check's answer could not be read: ${text.slice(0, 200)}`)
  }
}
