import type { Words } from '@packline/shared'
import type { Texts } from '../finding.ts'

export const dependencyClashTexts = {
  overwrites: (upper: Words, lower: Words, names: Words) => ({
    message: {
      en: `${upper.en} would overwrite in ${lower.en}: ${names.en}`,
      zh: `${upper.zh} 会覆盖 ${lower.zh} 中的：${names.zh}`,
    },
    hint: {
      en: 'Rename them or leave them out of one; what two packages need belongs into one of them.',
      zh: '给它们改名，或从其中一个包里去掉；两个包都需要的内容只放在其中一个里。',
    },
  }),
} satisfies Texts

/** What lies below all dependency packages. */
export const OWN_PACKAGE: Words = { en: "the function's own package", zh: '函数自己的部署包' }
