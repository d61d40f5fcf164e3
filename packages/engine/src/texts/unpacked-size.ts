import type { Texts } from '../finding.ts'

export const unpackedSizeTexts = {
  large: (bytes: number, most: number, title: string, hasDependencies: boolean) => {
    const what = hasDependencies
      ? { en: 'the package and its dependency packages have', zh: '部署包连同所挂的依赖包' }
      : { en: 'the package has', zh: '部署包' }
    return {
      message: {
        en: `unpacked ${what.en} ${bytes} bytes; ${title} takes at most ${most}`,
        zh: `${what.zh}解压后有 ${bytes} 字节；${title} 最多接受 ${most} 字节`,
      },
      hint: {
        en: 'Leave out what the function does not need at run time.',
        zh: '去掉函数运行时不需要的内容。',
      },
    }
  },
} satisfies Texts
