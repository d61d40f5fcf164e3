import type { Words } from '@packline/shared'
import type { Texts } from '../finding.ts'

export const targetArchTexts = {
  foreign: (path: string, runsOn: string, wanted: string) => ({
    message: {
      en: `${path} is built for ${runsOn}; the function runs on ${wanted}`,
      zh: `${path} 是为 ${runsOn} 编译的；函数运行在 ${wanted} 上`,
    },
    hint: {
      en: "Build or install it for the function's architecture, or leave it out.",
      zh: '按函数的架构编译或安装它，或去掉它。',
    },
  }),
  unused: (path: string, runsOn: string, more: Words) => ({
    message: {
      en: `${path} (${runsOn})${more.en} can not run on the platform and will not be loaded`,
      zh: `${path}（${runsOn}）${more.zh}不能在平台上运行，也不会被加载`,
    },
    hint: {
      en: 'Leave them out to make the package smaller.',
      zh: '去掉它们可以减小部署包。',
    },
  }),
} satisfies Texts
