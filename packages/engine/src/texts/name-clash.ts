import type { Texts } from '../finding.ts'

export const nameClashTexts = {
  both: (name: string, own: string, other: string) => ({
    message: {
      en: `"${name}" is both your own (${own}) and a dependency's (${other}); your own files were kept where the paths are equal`,
      zh: `"${name}" 既是你自己的（${own}），也是某个依赖的（${other}）；路径相同时保留了你自己的文件`,
    },
    hint: {
      en: 'Rename your own module, or leave the dependency out.',
      zh: '给自己的模块改名，或去掉该依赖。',
    },
  }),
} satisfies Texts
