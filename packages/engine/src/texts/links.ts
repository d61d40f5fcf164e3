import type { Texts } from '../finding.ts'

export const linksTexts = {
  dangling: (path: string, target: string) => ({
    message: {
      en: `the link ${path} leads to ${target}, which is not in the package`,
      zh: `符号链接 ${path} 指向 ${target}，而包里没有它`,
    },
    hint: {
      en: 'Add the file that it leads to, or leave the link out.',
      zh: '把它所指的文件加进包里，或去掉这个链接。',
    },
  }),
} satisfies Texts
