import type { Texts } from '../finding.ts'

/** `size`, `most`, `direct`: with their unit; `largest`: paths with sizes. */
export const packageSizeTexts = {
  tooLarge: (size: string, most: string, title: string, largest: string) => ({
    message: {
      en: `the package has ${size}; ${title} takes at most ${most}. Largest: ${largest}`,
      zh: `部署包有 ${size}；${title} 最多接受 ${most}。最大的是：${largest}`,
    },
    hint: {
      en: 'Leave out what the function does not need, or move libraries to dependency packages.',
      zh: '去掉函数不需要的内容，或把库移到依赖包中。',
    },
  }),
  notDirect: (size: string, direct: string, largest: string) => ({
    message: {
      en: `the package has ${size}: over ${direct} it can only be deployed from object storage. Largest: ${largest}`,
      zh: `部署包有 ${size}：超过 ${direct} 只能通过对象存储部署。最大的是：${largest}`,
    },
    hint: {
      en: 'Put it into a bucket that the platform reads and deploy it by its address there; a server with a deployment bucket has done so.',
      zh: '把它放进平台能读取的存储桶，用它在那里的地址部署；配置了部署桶的服务器已经完成这一步。',
    },
  }),
} satisfies Texts
