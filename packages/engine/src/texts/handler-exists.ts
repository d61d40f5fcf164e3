import type { RuleId, Words } from '@packline/shared'
import type { Texts } from '../finding.ts'

/** What is missing: the handler's function, or the initializer's, which takes the context alone. */
export type EntryRule = Extract<RuleId, 'handler-exists' | 'initializer'>

/** Of Node.js, Python and Go; Java's: java-handler.ts; loads: load.ts. */
export const handlerExistsTexts = {
  /** `exported`: what there is instead; undefined: nothing that can be seen. */
  nodejs: (rule: EntryRule, path: string, name: string, exported: Words | undefined) => ({
    message: {
      en: `${path} exports no function "${name}"${exported ? `; it exports ${exported.en}` : ''}`,
      zh: `${path} 没有导出函数 "${name}"${exported ? `；它导出了 ${exported.zh}` : ''}`,
    },
    hint: {
      en: `Add \`exports.${name} = async (${TAKEN[rule]}) => { ... }\`, or name another function.`,
      zh: `加上 \`exports.${name} = async (${TAKEN[rule]}) => { ... }\`，或在${NAMED[rule].zh}中写另一个函数。`,
    },
  }),
  /** `defined`: the functions that are there; empty: none. */
  python: (rule: EntryRule, path: string, name: string, defined: Words | undefined) => ({
    message: {
      en: `${path} has no function "${name}"${defined ? `; it defines ${defined.en}` : ''}`,
      zh: `${path} 中没有函数 "${name}"${defined ? `；它定义了 ${defined.zh}` : ''}`,
    },
    hint: {
      en: `Add \`def ${name}(${TAKEN[rule]}):\`, or name another function.`,
      zh: `加上 \`def ${name}(${TAKEN[rule]}):\`，或在${NAMED[rule].zh}中写另一个函数。`,
    },
  }),
  go: (rule: EntryRule, path: string, symbol: string, found: readonly string[]) => ({
    message: {
      en: `${path} exports no ${symbol}; found ${found.join(', ') || 'no symbol at all'}`,
      zh: `${path} 没有导出 ${symbol}；${found.length > 0 ? `实际有 ${found.join('、')}` : '没有任何符号'}`,
    },
    hint: {
      en: `Name one of these in the ${NAMED[rule].en}, or add the function to package main.`,
      zh: `在${NAMED[rule].zh}中写其中之一，或在 main 包中加上该函数。`,
    },
  }),
} satisfies Texts

const TAKEN = { 'handler-exists': 'event, context', initializer: 'context' } as const
const NAMED = {
  'handler-exists': { en: 'handler', zh: '执行入口' },
  initializer: { en: 'initializer', zh: '初始化函数' },
} as const
