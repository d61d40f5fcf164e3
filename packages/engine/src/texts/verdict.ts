import type { Words } from '@packline/shared'

/** Why a package is not loaded, or not by what was asked for; parts of a verdict's sentence. */
export const REASONS = {
  notSoFar: { en: 'the build did not come so far', zh: '构建没有进行到这一步' },
  turnedOff: { en: 'the request turned the load check off', zh: '请求关闭了加载检查' },
  dependency: {
    en: 'it is loaded with the functions that attach it',
    zh: '它与挂上它的函数一起加载',
  },
  noFile: { en: 'the handler names no file', zh: '执行入口没有写明文件' },
  noClass: { en: 'the handler names no class', zh: '执行入口没有写明类' },
  noPython: { en: 'there is no Python on this worker', zh: '这个工作节点上没有 Python' },
  noSandbox: {
    en: "it needs the platform's paths and port, which only a sandbox can give",
    zh: '它需要平台的路径和端口，只有沙箱才能提供',
  },
  notTrimmed: {
    en: 'built without -trimpath, only its own Go folder makes hosts',
    zh: '编译时没有用 -trimpath，只有它自己的 Go 文件夹才能制作宿主',
  },
  otherArchitecture: (name: string) => ({
    en: `this worker is not ${name}`,
    zh: `这个工作节点不是 ${name}`,
  }),
  otherVersion: (asked: string) => ({
    en: `the request says ${asked}`,
    zh: `请求的是 ${asked}`,
  }),
  startsOther: (asked: string) => ({
    en: `bootstrap starts ${asked}`,
    zh: `bootstrap 启动的是 ${asked}`,
  }),
  startsNotAsked: (title: string, started: string, asked: string) => ({
    en: `bootstrap starts ${title} ${started}, and the request says ${asked}`,
    zh: `bootstrap 启动的是 ${title} ${started}，而请求的是 ${asked}`,
  }),
  noJdk: (release: number) => ({
    en: `this worker has no JDK for Java ${release}`,
    zh: `这个工作节点上没有用于 Java ${release} 的 JDK`,
  }),
  noTool: (title: string) => ({ en: `no ${title} here`, zh: `这里没有 ${title}` }),
  unknownGo: (path: string) => ({
    en: `nobody knows ${path}'s Go`,
    zh: `无法得知 ${path} 的 Go 版本`,
  }),
  noStandIn: (path: string) => ({
    en: `nothing on this worker stands in for ${path}`,
    zh: `这个工作节点上没有能代替 ${path} 的程序`,
  }),
  lacking: (name: string) => ({
    en: `the platform's own ${name} is not on this worker`,
    zh: `这个工作节点上没有平台自带的 ${name}`,
  }),
  standIns: (names: readonly string[]) => ({
    en: `stand-ins were loaded for the platform's own ${names.join(', ')}`,
    zh: `用替身代替了平台自带的 ${names.join('、')}`,
  }),
  whichMayBeWhy: ({ en, zh }: Words) => ({
    en: `${en}, which may be why`,
    zh: `${zh}，这可能就是原因`,
  }),
  notPrepared: (stage: string, last: string | undefined) => ({
    en: `${stage} could not be made: ${last ?? 'it said nothing'}`,
    zh: `无法制作 ${stage}：${last ?? '它没有任何输出'}`,
  }),
} satisfies Record<string, Words | ((...found: never[]) => Words)>

/** Verdicts as sentences. */
export const PROOFS = {
  goProgram: (path: string, machine: string, version: string | undefined) => ({
    en: `${path} is a Linux ${machine} executable${version === undefined ? '' : `, made by Go ${version}`}`,
    zh: `${path} 是 Linux ${machine} 可执行文件${version === undefined ? '' : `，由 Go ${version} 编译`}`,
  }),
  bootstrap: ({ en, zh }: Words) => ({ en: `bootstrap is ${en}`, zh: `bootstrap 是${zh}` }),
  itself: (program: string) => ({ en: `${program} itself`, zh: `${program} 自身` }),
  ownBootstrap: (titles: readonly string[]) => ({
    en: ['its own bootstrap', ...titles].join(' with '),
    zh: ['自带的 bootstrap', ...titles].join(' 和 '),
  }),
  /** `why`: why that is not what was asked for. */
  loaded: (by: Words, why?: Words) => ({
    en: `loaded by ${by.en}${why ? `: ${why.en}` : ''}`,
    zh: `已由 ${by.zh} 加载${why ? `：${why.zh}` : ''}`,
  }),
  failed: (by: Words, why?: Words) => ({
    en: `the load failed under ${by.en}${why ? `: ${why.en}` : ''}`,
    zh: `在 ${by.zh} 下加载失败${why ? `：${why.zh}` : ''}`,
  }),
} satisfies Record<string, (...found: never[]) => Words>

/** What bootstrap is, where it can be started. */
export const BOOTSTRAPS = {
  missing: { en: 'missing', zh: '缺失的' },
  foreign: { en: 'foreign', zh: '其他系统的程序' },
  unusable: { en: 'unusable', zh: '不能用的' },
  noShebang: { en: 'a script without "#!"', zh: '没有 "#!" 的脚本' },
  elf: (machine: string) => ({
    en: `an ELF executable for ${machine}`,
    zh: `用于 ${machine} 的 ELF 可执行文件`,
  }),
  script: (command: string) => ({
    en: `a script for ${command}`,
    zh: `由 ${command} 执行的脚本`,
  }),
} satisfies Record<string, Words | ((command: string) => Words)>
