import type { Words } from '@packline/shared'
import type { Texts } from '../finding.ts'

const AND: Words = { en: ' and ', zh: ' 和 ' }

/** `what`: a file, or a library with its first file. */
export const targetLibcTexts = {
  /** Versions such as "glibc 2.34"; Go code is compiled by Packline itself. */
  tooNew: (what: Words, needed: string[], had: string[], title: string, isGo: boolean) => ({
    message: {
      en: `${what.en} needs ${needed.join(AND.en)}; ${title} is known to have ${had.join(AND.en)}`,
      zh: `${what.zh} 需要 ${needed.join(AND.zh)}；已知 ${title} 有 ${had.join(AND.zh)}`,
    },
    hint: isGo
      ? {
          en: "With zig on the worker (pip install ziglang) C is compiled for the platform's glibc.",
          zh: '在工作节点上安装 zig（pip install ziglang），C 代码就会按平台的 glibc 编译。',
        }
      : {
          en: 'Take an older version, or build it where the C library is as old. When the platform has a newer one, set glibc.version in the profile.',
          zh: '使用较旧的版本，或在同样旧的 C 库上编译。如果平台的较新，请在 profile 中设置 glibc.version。',
        },
  }),
  missing: (what: Words, names: readonly string[], title: string, isMusl: boolean) => ({
    message: {
      en: `${what.en} needs ${names.join(', ')}: not in the package, and not known to be on ${title}`,
      zh: `${what.zh} 需要 ${names.join('、')}：包里没有，也不知道 ${title} 上是否有`,
    },
    hint: isMusl
      ? {
          en: 'It was built for Alpine Linux: install or build it for a Linux with glibc.',
          zh: '它是为 Alpine Linux 编译的：请安装或编译用于 glibc 的版本。',
        }
      : {
          en: 'Add the library to the package, or take what has it linked in.',
          zh: '把该库加进包里，或使用已静态链接它的版本。',
        },
  }),
} satisfies Texts
