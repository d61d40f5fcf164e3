import type { Words } from '@packline/shared'
import type { Texts } from '../finding.ts'

export const testEventTexts = {
  wrong: (what: Words) => ({
    message: {
      en: `called with the test event, ${what.en}`,
      zh: `用测试事件调用时，${what.zh}`,
    },
    hint: {
      en: 'The sandbox has no network and no variables of the function. Mend the handler, or the event and what is expected of it.',
      zh: '沙箱里没有网络，也没有函数的环境变量。请修改执行入口，或修改测试事件及其期望的结果。',
    },
  }),
  notCalled: (why: Words) => ({
    message: { en: `the handler was not called: ${why.en}`, zh: `没有调用执行入口：${why.zh}` },
    hint: {
      en: 'Call it on the platform, or have it built by a worker that can load it.',
      zh: '请在平台上调用它，或由能加载它的工作节点来构建。',
    },
  }),
} satisfies Texts

/** What a call came to, as part of the sentences above. */
export const CALLS = {
  nothing: { en: 'nothing', zh: '（无）' } satisfies Words,
  fails: (why: Words): Words => ({
    en: `the handler fails: ${why.en}`,
    zh: `执行入口失败：${why.zh}`,
  }),
  /** `at`: the names that lead into the answer, such as ".body.id"; values as JSON. */
  differs: (at: string, found: Words, expected: Words): Words => ({
    en: `the answer${at} is ${found.en}; expected ${expected.en}`,
    zh: `返回值${at === '' ? '' : ` answer${at}`} 是 ${found.zh}；期望 ${expected.zh}`,
  }),
}
