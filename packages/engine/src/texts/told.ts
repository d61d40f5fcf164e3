import type { Words } from '@packline/shared'
import { verbatim } from '../words.ts'

/** Why an archive was taken as a package or as source (rule source-or-package). */
export const takenAs = {
  asked: (): Words => ({ en: 'the request', zh: '请求' }),
  byCommand: (): Words => verbatim('build.command'),
  forBundle: (): Words => ({ en: 'the request asks for a bundle', zh: '请求要求打包成单个文件' }),
  kind: (kind: string): Words => ({ en: `the source is ${kind}`, zh: `来源是 ${kind}` }),
  tarball: (): Words => ({ en: 'it is a tar.gz', zh: '它是 tar.gz' }),
  finished: (what: string): Words => ({ en: `it holds ${what}`, zh: `它包含 ${what}` }),
  declaresNothing: (): Words => ({ en: 'it declares no dependencies', zh: '它没有声明依赖' }),
  /** A file that tells, such as "package.json". */
  file: (path: string): Words => verbatim(path),
} satisfies Record<string, (...found: never[]) => Words>

/** What was changed in a package that was handed in finished. */
export const mendings = {
  names: (encoding: string): Words => ({
    en: `names written as UTF-8, read as ${encoding}`,
    zh: `名称按 ${encoding} 读取，写成 UTF-8`,
  }),
  unwrapped: (folder: string): Words => ({
    en: `taken out of the folder ${folder}`,
    zh: `已从文件夹 ${folder} 中取出`,
  }),
  leftOut: (paths: Words): Words => ({
    en: `left out by build.exclude: ${paths.en}`,
    zh: `按 build.exclude 去掉：${paths.zh}`,
  }),
  executable: (path: string): Words => ({
    en: `${path} made executable`,
    zh: `${path} 已设为可执行`,
  }),
  modes: (): Words => ({ en: 'modes set to 0644 and 0755', zh: '权限已设为 0644 和 0755' }),
  intoZip: (path: string, why: Words): Words => ({
    en: `put into a ZIP as ${path}: ${why.en}`,
    zh: `已作为 ${path} 放进 ZIP：${why.zh}`,
  }),
} satisfies Record<string, (...found: never[]) => Words>

/** Why the platform does not take a jar as it is. */
export const NO_JAR = {
  ofDependencies: {
    en: 'a dependency package holds its jars at the root',
    zh: '依赖包的 jar 放在根目录',
  },
  tooLarge: { en: 'a jar of this size can not be deployed', zh: '这么大的 jar 无法部署' },
} satisfies Record<string, Words>
