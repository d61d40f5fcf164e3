import { FAILURES, type FailureWords } from './failure.ts'
import { FAILURES_ZH } from './failure-zh.ts'
import type { Words } from './finding.ts'

const SCHEMA: Words = {
  en: FAILURES.INVALID_REQUEST.hint,
  zh: FAILURES_ZH.INVALID_REQUEST.hint,
}

/** What a request is taken from, where the mistake is in no part of it. */
const PLACES: Partial<Record<string, string>> = {
  'the body': '请求体',
  'the query': '查询参数',
  'the path': '路径',
  'the name': '名称',
  'the build': '该构建',
}

/** Those that a platform has of one runtime. */
interface Versions {
  runtime: string
  known: readonly string[]
  default: string
}

/** What is wrong with a request by its schema, by the profile, or by its own parts. */
export const requestFailures = {
  mistake: (where: string, said: Words, others: number) => ({
    detail: {
      en: `${where}: ${said.en}${others > 0 ? ` (and ${others} more)` : ''}`,
      zh: `${PLACES[where] ?? where}：${said.zh}${others > 0 ? `（另有 ${others} 处）` : ''}`,
    },
    hint: SCHEMA,
  }),
  badName: (place: string) => ({
    detail: { en: `${place}: this name can not be used`, zh: `${place}：不能使用这个名称` },
    hint: {
      en: 'Choose another name: "__proto__" has a meaning of its own in JavaScript.',
      zh: '请换一个名称："__proto__" 在 JavaScript 中另有含义。',
    },
  }),
  architecture: (asked: string, platform: string, known: readonly string[]) => ({
    detail: {
      en: `architecture is "${asked}"; ${platform} has ${known.join(', ')}`,
      zh: `architecture 为 "${asked}"；${platform} 有 ${known.join('、')}`,
    },
    hint: { en: 'Leave it out for x86_64.', zh: '省略即为 x86_64。' },
  }),
  runtime: (asked: string, platform: string, known: readonly string[]) => ({
    detail: {
      en: `runtime is "${asked}"; ${platform} has ${known.join(', ')}`,
      zh: `runtime 为 "${asked}"；${platform} 有 ${known.join('、')}`,
    },
    hint: {
      en: 'Ask for one of these, or use a profile that has it.',
      zh: '请使用其中之一，或使用含有它的配置文件（profile）。',
    },
  }),
  version: (asked: string, platform: string, of: Versions) => ({
    detail: {
      en: `version is "${asked}"; ${platform} has ${of.runtime} ${of.known.join(', ')}`,
      zh: `version 为 "${asked}"；${platform} 有 ${of.runtime} ${of.known.join('、')}`,
    },
    hint: {
      en: `Leave version out for ${of.runtime} ${of.default}.`,
      zh: `省略 version 即为 ${of.runtime} ${of.default}。`,
    },
  }),
  onlyFor: (option: string, titles: readonly string[], runtime: string) => ({
    detail: {
      en: `build.${option} is for ${titles.join(', ')}; runtime is "${runtime}"`,
      zh: `build.${option} 只用于 ${titles.join('、')}；runtime 为 "${runtime}"`,
    },
    hint: {
      en: 'Leave it out: this runtime is built by its own tools.',
      zh: '请省略它：该运行时由自己的工具构建。',
    },
  }),
  noBundle: () => ({
    detail: {
      en: 'build.sourceMap is set and build.bundle is not',
      zh: '设置了 build.sourceMap，但没有设置 build.bundle',
    },
    hint: {
      en: 'Only a bundle has a source map: set build.bundle to true.',
      zh: '打包成单个文件才有 source map：请把 build.bundle 设为 true。',
    },
  }),
  finished: (option: string) => ({
    detail: {
      en: `build.${option} is set and source.as is "package"`,
      zh: `设置了 build.${option}，而 source.as 为 "package"`,
    },
    hint: {
      en: 'A finished package is not made anew: leave out one of the two.',
      zh: '成品包不会重新制作：请去掉二者之一。',
    },
  }),
  tooManyDependencies: (count: number, platform: string, max: number) => ({
    detail: {
      en: `The function would have ${count} dependency packages; ${platform} takes at most ${max}`,
      zh: `函数将有 ${count} 个依赖包；${platform} 最多接受 ${max} 个`,
    },
    hint: {
      en: 'Put what belongs together into one dependency package.',
      zh: '请把相关的内容放进同一个依赖包。',
    },
  }),
  dependencyTwice: (name: string) => ({
    detail: { en: `dependencies has "${name}" twice`, zh: `dependencies 中 "${name}" 出现了两次` },
    hint: {
      en: 'Name one revision of it: they would be laid over each other.',
      zh: '请只指定它的一个修订：两个会互相覆盖。',
    },
  }),
  noDependencies: (title: string) => ({
    detail: {
      en: `${title} functions have no dependency packages`,
      zh: `${title} 函数不能挂依赖包`,
    },
    hint: {
      en: 'Put everything that the function needs into its own package.',
      zh: '请把函数需要的一切放进它自己的部署包。',
    },
  }),
  jar: (title: string) => ({
    detail: {
      en: `The archive is a JAR; ${title} takes a ZIP`,
      zh: `压缩包是 JAR；${title} 只接受 ZIP`,
    },
    hint: {
      en: 'Only Java functions take a JAR. Make it a ZIP with the code at its root.',
      zh: '只有 Java 函数接受 JAR。请做成代码位于根目录的 ZIP。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

/** What is wrong with a handler or an initializer; `field` says with which. */
export const handlerFailures = {
  none: (field: string, found: string) => ({
    detail: {
      en: `An HTTP function has no ${field}; found "${found}"`,
      zh: `HTTP 函数没有 ${field}；实际为 "${found}"`,
    },
    hint: {
      en: `Leave ${field} out: the platform starts the file "bootstrap" at the root.`,
      zh: `请省略 ${field}：平台启动根目录下的文件 "bootstrap"。`,
    },
  }),
  missing: (field: string, expected: Expected) => ({
    detail: {
      en: `${field} is missing; expected ${expected.en}`,
      zh: `缺少 ${field}；应为 ${expected.zh}`,
    },
    hint: formHint(expected),
  }),
  length: (field: string, found: number, limits: { min: number; max: number }, of: Expected) => ({
    detail: {
      en: `${field} has ${found} characters; expected ${limits.min} to ${limits.max}`,
      zh: `${field} 有 ${found} 个字符；应为 ${limits.min} 到 ${limits.max} 个`,
    },
    hint: {
      en: `Write ${limits.min} to ${limits.max} characters: ${of.en}.`,
      zh: `请写 ${limits.min} 到 ${limits.max} 个字符：${of.zh}。`,
    },
  }),
  form: (field: string, found: string, expected: Expected) => ({
    detail: {
      en: `${field} is "${found}"; expected ${expected.en}`,
      zh: `${field} 为 "${found}"；应为 ${expected.zh}`,
    },
    hint: formHint(expected),
  }),
  otherFile: (initializer: string, handler: string) => ({
    detail: {
      en: `initializer is "${initializer}", handler is "${handler}"; both must be in one file`,
      zh: `initializer 为 "${initializer}"，handler 为 "${handler}"；二者必须在同一文件中`,
    },
    hint: {
      en: "Name a function of the handler's own file or class.",
      zh: '请指定与执行入口同一文件或类中的函数。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

/** Forms of a handler in words, and how many these are. */
type Expected = Words & { count: number }

function formHint({ count }: Expected): Words {
  return {
    en: `Name the place in the code that the platform starts, in ${count > 1 ? 'one of these forms' : 'this form'}.`,
    zh: `请按${count > 1 ? '其中一种格式' : '此格式'}指定平台启动的代码位置。`,
  }
}
