import type { Texts } from '../finding.ts'

export const stdlibShadowTexts = {
  /** `version`: of the Python that has it by itself; undefined: the platform does. */
  shadows: (name: string, path: string, version: string | undefined, isInstalled: boolean) => ({
    message: {
      en: `"${name}" at the root (${path}, ${isInstalled ? "an installed dependency's" : 'your own'}) has a name that ${
        version === undefined
          ? 'the platform has taken for itself'
          : `the standard library of Python ${version} has: importing it fails on the platform`
      }`,
      zh: `根目录下的 "${name}"（${path}，${isInstalled ? '来自安装的依赖' : '你自己的'}）${
        version === undefined
          ? '用了平台自己占用的名称'
          : `与 Python ${version} 标准库的模块同名：在平台上导入它会失败`
      }`,
    },
    hint: isInstalled
      ? {
          en: 'Leave the dependency out where the standard library has the same, or take another version.',
          zh: '标准库已有同样功能时去掉该依赖，或使用另一个版本。',
        }
      : {
          en: `Rename it, such as to "my_${name}", or put it into a package of your own.`,
          zh: `给它改名，例如 "my_${name}"，或放进你自己的包里。`,
        },
  }),
} satisfies Texts
