import type { RuntimeName, Words } from '@packline/shared'
import type { Said, Texts } from '../finding.ts'

/** Where the runtime looks for libraries; undefined: it takes no dependency packages. */
const LAYOUTS: Record<RuntimeName, Words | undefined> = {
  nodejs: { en: 'node_modules/ at the root', zh: '根目录的 node_modules/' },
  python: { en: 'the contents of site-packages at the root', zh: '根目录下 site-packages 的内容' },
  java: { en: 'jars at the root', zh: '根目录的 jar' },
  go: undefined,
  custom: undefined,
}

const LEAVE_OUT: Words = {
  en: 'Leave out what is not needed at run time, or make two packages of it.',
  zh: '去掉运行时不需要的内容，或分成两个依赖包。',
}

export const dependencyPackageTexts = {
  layout: (runtime: RuntimeName, found: Words, folder: string | undefined) =>
    ofPackage({
      message: {
        en: `expected ${LAYOUTS[runtime]?.en}, found ${found.en}`,
        zh: `应是${LAYOUTS[runtime]?.zh}，实际是 ${found.zh}`,
      },
      hint:
        folder === undefined
          ? {
              en: 'Zip what the package manager installed, or give its manifest and have it built.',
              zh: '压缩包管理器安装的内容，或提供清单文件由 Packline 构建。',
            }
          : {
              en: `Zip the content of "${folder}", not the folder around it.`,
              zh: `压缩 "${folder}" 里的内容，而不是它外面的文件夹。`,
            },
    }),
  tildes: (names: Words) =>
    ofPackage({
      message: {
        en: `no name may end in "~", found ${names.en}`,
        zh: `名称不得以 "~" 结尾，实际有 ${names.zh}`,
      },
      hint: { en: 'Rename these files, or leave them out.', zh: '给这些文件改名，或去掉它们。' },
    }),
  tooMany: (files: number, most: number, title: string) =>
    ofPackage({
      message: {
        en: `it has ${files} files; ${title} takes at most ${most}`,
        zh: `有 ${files} 个文件；${title} 最多接受 ${most} 个`,
      },
      hint: LEAVE_OUT,
    }),
  /** In MiB. */
  tooLarge: (size: string, most: string, title: string) =>
    ofPackage({
      message: {
        en: `it has ${size} MiB; ${title} takes at most ${most}`,
        zh: `有 ${size} MiB；${title} 最多接受 ${most} MiB`,
      },
      hint: LEAVE_OUT,
    }),
  notSplit: (why: Words) => ({
    message: { en: `the package was not split: ${why.en}`, zh: `部署包没有拆分：${why.zh}` },
    hint: {
      en: 'Hand in the source with its manifest, or leave build.split out.',
      zh: '提交带清单文件的源代码，或去掉 build.split。',
    },
  }),
} satisfies Texts

/** What lies where libraries should. */
export function allInFolder(folder: string): Words {
  return {
    en: `everything in the folder "${folder}"`,
    zh: `所有内容都在文件夹 "${folder}" 里`,
  }
}

/** Why there was nothing to split. */
export const NOT_SPLIT = {
  nothingInstalled: { en: 'nothing was installed for it', zh: '没有为它安装任何内容' },
  finished: { en: 'it was handed in finished', zh: '提交的是成品包' },
} satisfies Record<string, Words>

function ofPackage({ message, hint }: Said): Said {
  const { en, zh } = message
  return { message: { en: `the dependency package: ${en}`, zh: `依赖包：${zh}` }, hint }
}
