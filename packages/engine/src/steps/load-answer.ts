import { LIMITS, type Words } from '@packline/shared'
import * as z from 'zod'
import type { ToolResult } from '../process/command.ts'
import { OverLimit } from '../process/over-limit.ts'
import { FAULT_NAMES, faultWords } from '../texts/faults.ts'
import { ENDS } from '../texts/load.ts'

const refusal = {
  /** What our loader found, and the names and numbers of that; texts/faults.ts says it in words. */
  fault: z.enum(FAULT_NAMES).optional(),
  found: z
    .array(z.union([z.string().max(4000), z.number()]))
    .max(5)
    .optional(),
  /** What the code says of itself. */
  message: z.string().max(4000).optional(),
  path: z.string().max(1024).optional(),
  line: z.int().positive().optional(),
}

const loadSchema = z.object({
  ok: z.boolean(),
  ...refusal,
  /** What is not there is the initializer, and the handler is. */
  initializer: z.boolean().optional(),
  /** Modules that the platform has pre-installed and this worker has not: stand-ins were loaded. */
  assumed: z.array(z.string().max(100)).max(100).optional(),
  /** One of these that nothing can stand in for. */
  lacking: z.string().max(100).optional(),
})

const callSchema = z.object({
  called: z.object({
    ok: z.boolean(),
    ...refusal,
    answer: z.unknown().optional(),
    ms: z.number().nonnegative().optional(),
    memoryBytes: z.number().nonnegative().optional(),
  }),
})

/**
 * An answer with its fault in words; `zh`: the message in Chinese, where it is ours; `hint`: of the
 * limit that has ended it.
 */
type InWords<Answer> = Omit<Answer, 'fault' | 'found'> & { zh?: string; hint?: Words }
type Called = z.output<typeof callSchema>['called']

/** What a loader says of a handler; `message`: why it does not load. */
export type LoadAnswer = InWords<z.output<typeof loadSchema>>

/** What it says of a call with a test event, and what was printed meanwhile. */
export type CallAnswer = InWords<Called> & { output: string[] }

/** Hears the answers among all that the code under test prints; other lines go on. */
export interface AnswerListener {
  onLine(line: string): void
  /** The first answer; without one, how the process ended or why it was ended. */
  answer(end: ToolResult | OverLimit): LoadAnswer
  /** The second; asked for only where the first one was good. */
  called(end: ToolResult | OverLimit): CallAnswer
}

/**
 * Only who knows the token can answer; the code under test prints what it likes, before, between
 * and after.
 */
export function listenFor(token: string, log: (line: string) => void): AnswerListener {
  const heard: string[] = []
  const output: string[] = []
  const start = `${token} `
  const whole = (at: number, end: ToolResult | OverLimit) => {
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
      return text === undefined ? unanswered(end, ENDS.whileLoading) : parseLoad(text)
    },
    called: (end) => {
      const text = whole(1, end)
      const answer = text === undefined ? unanswered(end, ENDS.whileCalled) : parseCall(text)
      return { ...answer, output }
    },
  }
}

function wholeLine({ stdout }: ToolResult, start: string, at: number): string | undefined {
  const line = stdout.split('\n').filter((text) => text.startsWith(start))[at]
  return line?.slice(start.length)
}

function unanswered(end: ToolResult | OverLimit, doing: Words) {
  if (end instanceof OverLimit) return { ...failed(end.words), hint: raiseOf(end) }
  const { exitCode, signal, output } = end
  return failed(ENDS.ended(exitCode, signal, doing, output.slice(-5).join('\n')))
}

function raiseOf({ code, raise }: OverLimit): Words | undefined {
  return code === 'TIMED_OUT' ? ENDS.lateHint : raise
}

function failed({ en, zh }: Words) {
  return { ok: false, message: en, zh }
}

function parseLoad(text: string): LoadAnswer {
  return parsed(text, (value) => inWords(loadSchema.parse(value)))
}

function parseCall(text: string): InWords<Called> {
  return parsed(text, (value) => inWords(callSchema.parse(value).called))
}

function inWords<Answer extends Pick<Called, 'fault' | 'found' | 'message'>>(
  answer: Answer,
): InWords<Answer> {
  const { fault, found = [], ...rest } = answer
  if (fault === undefined) return rest
  const said = answer.message === undefined ? found : [...found, answer.message]
  const { en, zh } = faultWords(fault, said)
  return { ...rest, message: en, zh }
}

function parsed<T>(text: string, read: (value: unknown) => T): T | ReturnType<typeof failed> {
  try {
    return read(JSON.parse(text))
  } catch {
    // Said by code that we do not know, so it is shown and not thrown.
    return failed(ENDS.unreadable(text.slice(0, 200)))
  }
}
