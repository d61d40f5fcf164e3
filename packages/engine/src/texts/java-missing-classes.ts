import type { Words } from '@packline/shared'
import type { Texts } from '../finding.ts'

export const javaMissingClassesTexts = {
  /** `former`: a package that an older JDK had. */
  ofFunction: (classes: Words, release: number, former: string | undefined) => ({
    message: {
      en: `classes that the function needs are in no jar: ${classes.en}`,
      zh: `函数需要的类不在任何 jar 中：${classes.zh}`,
    },
    hint:
      former === undefined
        ? {
            en: 'Put the library that has them beside the jar, or attach a dependency package with it.',
            zh: '把含有它们的库放在 jar 旁边，或挂上含有它的依赖包。',
          }
        : {
            en: `Java ${release} has no ${former} any more: add the library that has it now.`,
            zh: `Java ${release} 已不再含有 ${former}：请加上现在提供它的库。`,
          },
  }),
  ofLibraries: (classes: Words, isWhole: boolean) => ({
    message: {
      en: `classes that libraries refer to are in no jar: ${classes.en}${isWhole ? '' : '; the package has more classes than are followed'}`,
      zh: `库所引用的类不在任何 jar 中：${classes.zh}${isWhole ? '' : '；包里的类太多，没有全部检查'}`,
    },
    hint: {
      en: 'Libraries often do without them. Where one is needed, put its library beside the jar.',
      zh: '库常常并不需要它们。确实需要的，把含有它的库放在 jar 旁边。',
    },
  }),
} satisfies Texts

/** A class with who refers to it. */
export function referredTo(missing: string, by: string, jar: string | undefined): Words {
  return {
    en: `${missing} (by ${by}${jar === undefined ? '' : ` in ${jar}`})`,
    zh: `${missing}（由${jar === undefined ? '' : ` ${jar} 中的`} ${by} 引用）`,
  }
}
