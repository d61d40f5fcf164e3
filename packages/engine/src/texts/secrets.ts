import type { Words } from '@packline/shared'
import type { Texts } from '../finding.ts'

export const secretsTexts = {
  /** Never with the secret itself. */
  found: (shown: string, line: number, kind: string) => ({
    message: {
      en: `${shown}:${line} has what looks like a secret in clear text (${kind})`,
      zh: `${shown}:${line} 疑似含有明文密钥（${kind}）`,
    },
    hint: {
      en: "Take it out of the code and put it into the function's encrypted environment variables; then change it, as whoever has the package has read it.",
      zh: '把它从代码中移到函数的加密环境变量；然后更换它，因为拿到包的人都已能看到。',
    },
  }),
  environmentFile: (shown: string) => ({
    message: {
      en: `${shown} is in the package; files of its name hold passwords more often than not`,
      zh: `包里有 ${shown}；这种名称的文件多半含有密码`,
    },
    hint: {
      en: "Leave it out with build.exclude or a line in .packlineignore, and give its values as the function's encrypted environment variables.",
      zh: '用 build.exclude 或在 .packlineignore 里加一行把它排除，其中的值改用函数的加密环境变量。',
    },
  }),
  notSearched: (first: string, more: Words) => ({
    message: {
      en: `${first}${more.en} were not searched for secrets: too much text, or too slow to search`,
      zh: `没有在 ${first}${more.zh}中查找密钥：文本太多，或查找太慢`,
    },
    hint: {
      en: 'Put data into object storage rather than into the package.',
      zh: '数据应放到对象存储，而不是放进包里。',
    },
  }),
} satisfies Texts
