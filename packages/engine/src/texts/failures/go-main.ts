import type { FailureWords, Words } from '@packline/shared'

/** Where a source of Go has not the function or the package that was expected. */
export const goMainFailures = {
  noSymbol: (symbol: string, files: string, found: Words, hint: Words) => ({
    detail: {
      en: `expected a function ${symbol} in package main (${files}); found ${found.en}`,
      zh: `main 包（${files}）中应有函数 ${symbol}；实际${found.zh}`,
    },
    hint,
  }),
  noCodeBelow: (module: string, folders: Words) => ({
    detail: {
      en: `build.module is "${module}", where no Go code is; there is some in ${folders.en}`,
      zh: `build.module 是 "${module}"，那里没有 Go 代码；${folders.zh} 中有`,
    },
    hint: {
      en: 'Name the folder of package main, or of the go.mod above it.',
      zh: '请给出 main 包所在的文件夹，或其上层 go.mod 所在的文件夹。',
    },
  }),
  noCode: (found: Words) => ({
    detail: { en: `expected Go code, found ${found.en}`, zh: `应有 Go 代码，实际是 ${found.zh}` },
    hint: {
      en: 'When it is compiled already, set source.as to "package".',
      zh: '如果已经编译好，请把 source.as 设为 "package"。',
    },
  }),
  severalMains: (wanted: Words, folders: Words) => ({
    detail: {
      en: `${wanted.en}; found it in ${folders.en}`,
      zh: `${wanted.zh}；在 ${folders.zh} 中都找到了`,
    },
    hint: {
      en: 'Set build.module to one of them, or name the handler after one of those below cmd.',
      zh: '请把 build.module 设为其中之一，或让执行入口与 cmd 下的某一个同名。',
    },
  }),
  noMain: (wanted: Words, files: Words) => ({
    detail: {
      en: `${wanted.en}; found none in ${files.en}`,
      zh: `${wanted.zh}；${files.zh} 中都没有`,
    },
    hint: {
      en: 'A library can not be packed: add a main package with the handler.',
      zh: '库不能打包：请添加含有执行入口的 main 包。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

/** `root`: the folder that is searched, '' for the whole; `below`: the handler's own folder. */
export function wantedMain(root: string, below: string | undefined): Words {
  return {
    en: `expected "package main" ${root === '' ? 'at the root' : `in ${root}`}${below ? ` or in ${below}` : ''}`,
    zh: `${root === '' ? '根目录' : ` ${root} `}${below ? `或 ${below} ` : ''}中应有 "package main"`,
  }
}

/** Whether the root or a folder. */
export const THE_ROOT: Words = { en: 'the root', zh: '根目录' }

export const NO_EXPORTED: Words = { en: 'no exported one', zh: '没有导出的函数' }

/** What is nearly the symbol that was expected, with its place. */
export const SYMBOL_HINTS = {
  method: (place: string, receiver: string | undefined, symbol: string): Words => ({
    en: `${place} is a method of ${receiver}, and only functions are looked up: add \`func ${symbol}(...)\` that calls it.`,
    zh: `${place} 是 ${receiver} 的方法，而平台只查找函数：请添加调用它的 \`func ${symbol}(...)\`。`,
  }),
  otherKind: (place: string, kind: string, symbol: string): Words => ({
    en: `${place} is a ${kind}: add \`func ${symbol}(...)\` at the top level.`,
    zh: `${place} 不是函数（${kind}）：请在顶层添加 \`func ${symbol}(...)\`。`,
  }),
  add: (symbol: string): Words => ({
    en: `Add \`func ${symbol}(...)\` at the top level, or name another symbol in the handler.`,
    zh: `请在顶层添加 \`func ${symbol}(...)\`，或在执行入口中指定另一个符号。`,
  }),
  near: (place: string): Words => ({
    en: `${place} is spelt nearly so: name it in the handler, or rename it.`,
    zh: `${place} 的拼写很接近：请在执行入口中使用它，或给它改名。`,
  }),
  notExported: (place: string): Words => ({
    en: `${place} is spelt differently: rename it, only upper-case names are exported.`,
    zh: `${place} 的拼写不同：请改名，只有大写字母开头的名称会导出。`,
  }),
}
