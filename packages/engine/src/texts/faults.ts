import type { Words } from '@packline/shared'

/** What a loader puts into a text: names and numbers, and last what the code says itself. */
type Found = string | number

/**
 * What our loaders and probes find wrong, by the codes that they answer with: they run inside the
 * sandbox, in four languages, and know no other.
 */
export const FAULTS = {
  noFile: (path: Found) => ({ en: `there is no file ${path}`, zh: `没有文件 ${path}` }),
  noExport: (name: Found) => ({
    en: `it exports no function "${name}"`,
    zh: `它没有导出函数 "${name}"`,
  }),
  noExportBeside: (name: Found, others: Found) => ({
    en: `it exports no function "${name}"; it exports ${others}`,
    zh: `它没有导出函数 "${name}"；它导出了 ${others}`,
  }),
  noFunction: (path: Found, name: Found) => ({
    en: `${path} has no function "${name}"`,
    zh: `${path} 中没有函数 "${name}"`,
  }),
  neverEnds: () => ({
    en: 'it waits for something that never comes',
    zh: '它在等待永远不会发生的事',
  }),
  exits: (call: Found) => ({ en: `it calls ${call}`, zh: `它调用了 ${call}` }),
  throws: (said: Found) => ({ en: `it throws ${said}`, zh: `它抛出了 ${said}` }),
  throwsUnshowable: () => ({ en: 'it throws what can not be shown', zh: '它抛出了无法显示的东西' }),
  answerTooLong: (length: Found, max: Found) => ({
    en: `its answer has ${length} characters as JSON; a test takes ${max}`,
    zh: `它的返回值写成 JSON 有 ${length} 个字符；测试最多接受 ${max} 个`,
  }),
  answerTooDeep: () => ({ en: 'its answer is nested too deep', zh: '它的返回值嵌套太深' }),
  answerNoJson: (said: Found) => ({
    en: `its answer is no JSON: ${said}`,
    zh: `它的返回值不能写成 JSON：${said}`,
  }),
  missingClass: (name: Found) => ({
    en: `the class ${name} is in none of the package's jars`,
    zh: `包里的 jar 中都没有类 ${name}`,
  }),
  noMethod: (type: Found, name: Found) => ({
    en: `${type} has no public method "${name}"`,
    zh: `${type} 没有公有方法 "${name}"`,
  }),
  wrongParameters: (method: Found, taken: Found, given: Found) => ({
    en: `${method} takes (${taken}); the platform gives (${given})`,
    zh: `${method} 的参数是 (${taken})；平台传入的是 (${given})`,
  }),
  abstractClass: (type: Found) => ({
    en: `${type} is abstract; the platform makes an instance of it`,
    zh: `${type} 是抽象类；平台要创建它的实例`,
  }),
  noConstructor: (type: Found) => ({
    en: `${type} has no public constructor without parameters`,
    zh: `${type} 没有公有的无参构造方法`,
  }),
  eventNotMade: (type: Found) => ({
    en: `nothing here makes a ${type} of the event: bring Gson or Jackson, or take a String or a Map`,
    zh: `这里没有能把事件变成 ${type} 的库：请带上 Gson 或 Jackson，或改用 String 或 Map 作参数`,
  }),
  eventUnfit: (type: Found, said: Found) => ({
    en: `the event does not fit ${type}: ${said}`,
    zh: `事件与 ${type} 不符：${said}`,
  }),
  noFunctionSymbol: (name: Found, type: Found) => ({
    en: `${name} is a ${type}, not a function`,
    zh: `${name} 的类型是 ${type}，不是函数`,
  }),
  initPanics: (said: Found) => ({
    en: `its init panics: ${said}`,
    zh: `它的 init 发生 panic：${said}`,
  }),
  panics: (said: Found) => ({ en: `it panics: ${said}`, zh: `它发生了 panic：${said}` }),
  initializerFails: (said: Found) => ({
    en: `its initializer: ${said}`,
    zh: `它的初始化函数：${said}`,
  }),
  doesNotStart: (program: Found, code: Found) => ({
    en: `${program} does not start: ${code}`,
    zh: `${program} 无法启动：${code}`,
  }),
  endsUnanswered: (program: Found, end: Found, port: Found) => ({
    en: `${program} ended (${ending(end).en}) before port ${port} answered`,
    zh: `端口 ${port} 还没有应答，${program} 就结束了（${ending(end).zh}）`,
  }),
  portSilent: (port: Found, seconds: Found) => ({
    en: `port ${port} did not answer within ${seconds} s`,
    zh: `端口 ${port} 在 ${seconds} s 内没有应答`,
  }),
  endsUnasked: (program: Found, end: Found) => ({
    en: `${program} ended (${ending(end).en}) before it asked for work`,
    zh: `${program} 还没有请求任务就结束了（${ending(end).zh}）`,
  }),
  endsWithoutResult: (program: Found, end: Found) => ({
    en: `${program} ended (${ending(end).en}) before it answered`,
    zh: `${program} 还没有返回结果就结束了（${ending(end).zh}）`,
  }),
  neverAsks: (program: Found, seconds: Found) => ({
    en: `${program} did not ask for work within ${seconds} s`,
    zh: `${program} 在 ${seconds} s 内没有请求任务`,
  }),
  answersError: (program: Found, said: Found) => ({
    en: `${program} answers with an error: ${said}`,
    zh: `${program} 返回了错误：${said}`,
  }),
} satisfies Record<string, (...found: Found[]) => Words>

/** An exit code, or a signal by its name. */
function ending(end: Found): Words {
  if (typeof end === 'string') return { en: end, zh: `信号 ${end}` }
  return { en: `exit code ${end}`, zh: `退出码 ${end}` }
}

export type FaultName = keyof typeof FAULTS
export const FAULT_NAMES = Object.keys(FAULTS) as [FaultName, ...FaultName[]]

/** A fault in words; throws where there is more or less than its text is made of. */
export function faultWords(name: FaultName, found: readonly Found[]): Words {
  const text: (...found: Found[]) => Words = FAULTS[name]
  if (text.length !== found.length) throw new TypeError(`${name} takes ${text.length}`)
  return text(...found)
}
