import type { FailureWords, Finding } from '@packline/shared'
import { expect } from 'vitest'

/** Quoted and code; else runs of what names, paths, numbers and options are made of. */
const PARTS = /"[^"]+"|`[^`]+`|[\w@$./+:=~#-]*\w/g
/** Of the latter those that are no English words: paths, numbers, options, capitals. */
const NO_WORD = /[\d/_@$=]|\w\.\w|^-|^[A-Z]{2,}$/

/** Forms of handlers, which are words. */
const FORMS = ['file.function', 'package.Class.method', 'name.Symbol']

/** Holds that a finding's Chinese text is Chinese, and has every name and number of the other. */
export function expectInBothLanguages({ rule, message, hint, zh }: Finding): void {
  const lacking = {
    message: namesIn(message).filter((name) => !zh.message.includes(name)),
    hint: namesIn(hint).filter((name) => !zh.hint.includes(name)),
  }
  expect({ rule, ...lacking }, zh.message).toEqual({ rule, message: [], hint: [] })
  expect(zh.message).toMatch(/\p{Script=Han}/u)
  expect(zh.hint).toMatch(/\p{Script=Han}/u)
  // What code says of itself may have these words; no text of ours does.
  const said = `${message} ${hint}`
  const slips = `${zh.message} ${zh.hint}`.match(/undefined|\[object|null/g) ?? []
  expect(slips.filter((slip) => !said.includes(slip))).toEqual([])
}

/** The same of a failure, whose detail may be all that a tool said. */
export function expectFailureInBothLanguages({ detail, hint }: FailureWords): void {
  const texts = hint ? [detail, hint] : [detail]
  for (const { en, zh } of texts) {
    const lacking = namesIn(en).filter((name) => !zh.includes(name))
    expect({ en, lacking }, zh).toEqual({ en, lacking: [] })
    const slips = zh.match(/undefined|\[object|null/g) ?? []
    expect(slips.filter((slip) => !en.includes(slip))).toEqual([])
  }
  if (hint) expect(hint.zh).toMatch(/\p{Script=Han}/u)
}

/** "a/b.py", "3.10", `def f():`: what must be the same in any language. */
export function namesIn(text: string): string[] {
  const found = [...text.matchAll(PARTS)].map(([part]) => part)
  const named = found.filter((part) => /^["`]/.test(part) || NO_WORD.test(part))
  return [...new Set(named)].filter((part) => !FORMS.includes(part))
}
