import type { Words } from '@packline/shared'
import type { Texts } from '../finding.ts'

/** `by`: what loads it; `why`: why that is not what was asked for; `what`: how it failed. */
export const loadTexts = {
  handler: (by: Words, why: Words | undefined, what: Words) => ({
    message: notLoading(by, why, what),
    hint: {
      en: 'Mend what is said, or see it fail in the unpacked package. It is loaded without network and variables; where it can not do without, set build.load to false.',
      zh: '请按所说的修改，或在解压后的包里重现。加载时没有网络和环境变量；如果离不开它们，把 build.load 设为 false。',
    },
  }),
  /** Where the line is known at which it failed. */
  handlerAt: (by: Words, why: Words | undefined, what: Words) => ({
    message: notLoading(by, why, what),
    hint: {
      en: 'Mend this line, or what it needs. It is run without network and variables; where it can not do without, set build.load to false.',
      zh: '请修改这一行，或补上它需要的内容。加载时没有网络和环境变量；如果离不开它们，把 build.load 设为 false。',
    },
  }),
  initializer: (by: Words, why: Words | undefined, what: Words) => ({
    message: {
      en: `the initializer is not there under ${by.en}${inBrackets(why).en}: ${what.en}`,
      zh: `在 ${by.zh}${inBrackets(why).zh} 下没有初始化函数：${what.zh}`,
    },
    hint: {
      en: 'Add the function to the handler’s file; it is called with the context alone.',
      zh: '把该函数加到执行入口所在的文件中；调用时只传入 context。',
    },
  }),
  http: (by: Words, why: Words | undefined, what: Words) => ({
    message: {
      en: `the function does not start under ${by.en}${inBrackets(why).en}: ${what.en}`,
      zh: `无法启动函数（${by.zh}${why ? `；${why.zh}` : ''}）：${what.zh}`,
    },
    hint: {
      en: 'Start bootstrap in the unpacked package, without network: it must answer on its port.',
      zh: '在解压后的包里、不用网络启动 bootstrap 试试：它必须在其端口上应答。',
    },
  }),
} satisfies Texts

function notLoading(by: Words, why: Words | undefined, what: Words): Words {
  return {
    en: `the handler does not load under ${by.en}${inBrackets(why).en}: ${what.en}`,
    zh: `在 ${by.zh}${inBrackets(why).zh} 下无法加载执行入口：${what.zh}`,
  }
}

function inBrackets(why: Words | undefined): Words {
  return why ? { en: ` (${why.en})`, zh: `（${why.zh}）` } : { en: '', zh: '' }
}

/** `names`: packages whose install scripts did not run. */
export function scriptsOff(names: Words): Words {
  return {
    en: `Install scripts did not run, and ${names.en} may make files by one: set build.installScripts to true.`,
    zh: `没有运行安装脚本，而 ${names.zh} 可能要用它生成文件：把 build.installScripts 设为 true。`,
  }
}

/** How a load ended that answered nothing. */
export const ENDS = {
  noReason: { en: 'no reason given', zh: '没有给出原因' },
  whileLoading: { en: 'loading', zh: '加载' },
  whileCalled: { en: 'called', zh: '调用' },
  /** `how`: "exit code 1"; `last`: the last lines that it printed. */
  ended: (exitCode: number | null, signal: unknown, doing: Words, last: string): Words => ({
    en: `the process ended with ${exitCode === null ? `signal ${signal}` : `exit code ${exitCode}`} while ${doing.en}\n${last}`.trim(),
    zh: `${doing.zh}时进程${exitCode === null ? `被信号 ${signal} 结束` : `以退出码 ${exitCode} 结束`}\n${last}`.trim(),
  }),
  /** A load's time is its own: build.timeoutSeconds can only shorten it. */
  lateHint: {
    en: 'Let it do less while it is loaded and called. A load has a time of its own, which build.timeoutSeconds can not raise; where it needs more, set build.load to false.',
    zh: '请减少加载和调用时执行的内容。加载有自己的时限，build.timeoutSeconds 不能延长它；如果需要更多时间，把 build.load 设为 false。',
  } satisfies Words,
  unreadable: (text: string): Words => ({
    en: `the load check's answer could not be read: ${text}`,
    zh: `无法读懂加载检查的回答：${text}`,
  }),
}
