import type { Words } from '@packline/shared'
import { APPLY_JAVA } from '../../../texts/failures/java.ts'
import { verbatim } from '../../../words.ts'
import type { Meaning } from '../meaning.ts'

/** In this order: one fault is told in several lines, the exactest last. */
export const GRADLE_MEANINGS: readonly Meaning[] = [
  {
    pattern: /PACKLINE-MODULE (.+)/,
    code: 'MANIFEST_INVALID',
    detail: ([, has]) => ({
      en: `build.module names no module of the Gradle build: ${has}`,
      zh: `build.module 不是该 Gradle 构建中的模块：${has}`,
    }),
    hint: {
      en: "Name a module's folder by its path from the root of the build.",
      zh: '请用从构建的根目录算起的路径给出模块的文件夹。',
    },
  },
  {
    pattern: /PACKLINE-JAR (.+)/,
    code: 'MANIFEST_INVALID',
    detail: ([, what]) => ({
      en: `the Gradle build has nothing to package: ${what}`,
      zh: `该 Gradle 构建没有可打包的内容：${what}`,
    }),
    hint: APPLY_JAVA,
  },
  {
    pattern: /Could not (?:GET|HEAD) '([^']+)'\. Received status code (40[137])\b/,
    code: 'INSTALL_FAILED',
    detail: ([, address, status]) => ({
      en: `Gradle may not take ${address}: status code ${status}`,
      zh: `Gradle 无权取得 ${address}：状态码 ${status}`,
    }),
    hint: {
      en: "The worker's settings need credentials for this repository.",
      zh: '工作节点的设置需要该仓库的凭证。',
    },
  },
  {
    pattern: /Could not (?:GET|HEAD|get resource) '([^']+)'\.?\s*([\s\S]*)/,
    code: 'REGISTRY_UNAVAILABLE',
    detail: ([, address, rest]) => {
      const why = innermost(rest ?? '')
      return {
        en: `Gradle got no ${address}: ${why.en}`,
        zh: `Gradle 没有取得 ${address}：${why.zh}`,
      }
    },
  },
  {
    pattern: /Could not find ((?:[^\s:]+:)+[^\s:]+?)\.?$/m,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: ([, what]) => ({
      en: `Gradle found no ${what} in the build's repositories`,
      zh: `Gradle 在该构建的仓库中没有找到 ${what}`,
    }),
    hint: {
      en: 'Look at its group, name and version, and at `repositories`, in the build file.',
      zh: '请检查构建文件中它的 group、名称和版本，以及 `repositories`。',
    },
  },
  {
    pattern: /Cannot resolve external dependency (\S+) because no repositories are defined/,
    code: 'MANIFEST_INVALID',
    detail: ([, what]) => ({
      en: `the build defines no repository that could have ${what}`,
      zh: `该构建没有定义可能含有 ${what} 的仓库`,
    }),
    hint: {
      en: 'Add `repositories { mavenCentral() }` to the build file.',
      zh: '请在构建文件中添加 `repositories { mavenCentral() }`。',
    },
  },
  {
    pattern: /Plugin (?:with id |\[id: ?)'([^']+)'.*not found/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: ([, plugin]) => ({
      en: `Gradle found no plugin ${plugin}`,
      zh: `Gradle 没有找到插件 ${plugin}`,
    }),
    hint: {
      en: 'Look at its id and version, and at the repositories that plugins come from.',
      zh: '请检查它的 id 和版本，以及插件所用的仓库。',
    },
  },
  {
    pattern:
      /(?:No matching toolchains? found|Cannot find a Java installation|No locally installed toolchains).*/,
    code: 'COMPILE_FAILED',
    detail: ([found]) => ({
      en: `the build asks for a Java toolchain that this worker has not: ${found}`,
      zh: `该构建要求的 Java 工具链在此工作节点上没有：${found}`,
    }),
    hint: {
      en: "Leave `toolchain` out, so that the function's version of Java decides.",
      zh: '请去掉 `toolchain`，由函数的 Java 版本决定。',
    },
  },
  {
    pattern: /(?:invalid target release|release version|invalid source release):? (\S+)/,
    code: 'COMPILE_FAILED',
    detail: ([, release]) => ({
      en: `the build asks for Java ${release}, more than the JDK of this build has`,
      zh: `该构建要求 Java ${release}，高于此次构建的 JDK`,
    }),
    hint: {
      en: 'Ask for that version of Java in the request, or set a lower one in the build file.',
      zh: '请在请求中要求该版本的 Java，或在构建文件中设置更低的版本。',
    },
  },
  {
    pattern: /Could not find method (implementation|api|runtimeOnly|compileOnly)\(\)/,
    code: 'MANIFEST_INVALID',
    detail: ([found]) => ({
      en: `${found}, which this Gradle or the applied plugins do not have`,
      zh: `${found}，而此 Gradle 或所应用的插件没有它`,
    }),
    hint: {
      en: "Apply the plugin 'java', or bring the Gradle that the build is written for as a wrapper.",
      zh: "请应用插件 'java'，或用 wrapper 带上编写该构建所用的 Gradle。",
    },
  },
]

/** Gradle tells causes line by line, each deeper than the one before. */
export function innermost(text: string): Words {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const causes = lines.filter((line) => /^\s*>/.test(line))
  const line = causes.at(-1) ?? lines[0]
  if (line === undefined) return { en: 'it said nothing more', zh: '没有更多说明' }
  return verbatim(line.replace(/^\s*>\s*/, '').trim())
}
