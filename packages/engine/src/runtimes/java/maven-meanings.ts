import type { Words } from '@packline/shared'
import type { Meaning } from './meaning.ts'

const LOOK_AT_POM: Words = {
  en: 'Look at its group, name and version in pom.xml.',
  zh: '请检查 pom.xml 中它的 groupId、artifactId 和版本。',
}

const notFound = ([, what, repository]: readonly string[]): Words => ({
  en: `Maven found no ${what} in the repository ${repository}`,
  zh: `Maven 在仓库 ${repository} 中没有找到 ${what}`,
})

/** In this order: a parent that can not be fetched also counts as a pom that is not valid. */
export const MAVEN_MEANINGS: readonly Meaning[] = [
  {
    pattern:
      /Could not transfer (?:artifact|metadata) (\S+) from\/to (\S+ \([^)]*\)):?\s*(?!.*status code: (?:40[134]|410))(.*)/,
    code: 'REGISTRY_UNAVAILABLE',
    detail: ([, what, repository, why]) => ({
      en: `Maven got no ${what} from ${repository}: ${why}`,
      zh: `Maven 没有从 ${repository} 取得 ${what}：${why}`,
    }),
  },
  {
    pattern: /Could not transfer (?:artifact|metadata) (\S+) from\/to (\S+ \([^)]*\)):?\s*(.*)/,
    code: 'INSTALL_FAILED',
    detail: ([, what, repository, why]) => ({
      en: `Maven may not take ${what} from ${repository}: ${why}`,
      zh: `Maven 无权从 ${repository} 取得 ${what}：${why}`,
    }),
    hint: {
      en: "The worker's Maven settings need credentials for this repository.",
      zh: '工作节点的 Maven 设置需要该仓库的凭证。',
    },
  },
  {
    pattern: /Could not find the selected project in the reactor: (\S+)/,
    code: 'MANIFEST_INVALID',
    detail: ([, module]) => ({
      en: `pom.xml leads to no module ${module}, which build.module asks for`,
      zh: `pom.xml 没有引出 build.module 要求的模块 ${module}`,
    }),
    hint: {
      en: 'Add it to <modules> in pom.xml, or name a module that stands there.',
      zh: '请把它加到 pom.xml 的 <modules> 中，或给出其中已有的模块。',
    },
  },
  {
    pattern: /Could not find artifact (\S+) in (\S+)/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: notFound,
    hint: LOOK_AT_POM,
  },
  {
    pattern: /(?:Failure to find|artifact) (\S+) (?:in|was not found in) (\S+)/,
    code: 'DEPENDENCY_NOT_FOUND',
    detail: notFound,
    hint: LOOK_AT_POM,
  },
  {
    pattern: /Non-(?:parseable|readable) POM (\S+?):? (.+?)(?: @ \S+, (line \d+.*))?$/,
    code: 'MANIFEST_INVALID',
    detail: ([, path, why, place]) => ({
      en: `${path} is not a pom: ${why}${place ? `, ${place}` : ''}`,
      zh: `${path} 不是有效的 pom：${why}${place ? `，${place}` : ''}`,
    }),
    hint: {
      en: 'Look at the line that is named: often a tag is not closed.',
      zh: '请检查指出的行：常见的是标签没有闭合。',
    },
  },
  {
    pattern: /^(?:\[FATAL\] )?('[^']+' .+|Malformed POM .+|Unresolveable build extension.+)$/,
    code: 'MANIFEST_INVALID',
    detail: ([, what]) => ({ en: `pom.xml: ${what}`, zh: `pom.xml：${what}` }),
  },
  {
    pattern: /(Source|Target) option (\S+) is no longer supported/,
    code: 'COMPILE_FAILED',
    detail: ([, kind, release]) => ({
      en: `pom.xml has ${kind?.toLowerCase()} ${release}, which no current JDK compiles`,
      zh: `pom.xml 中的 ${kind?.toLowerCase()} 是 ${release}，现在的 JDK 都不能编译`,
    }),
    hint: {
      en: 'Set maven.compiler.release in pom.xml to the Java version of the function.',
      zh: '请把 pom.xml 中的 maven.compiler.release 设为函数的 Java 版本。',
    },
  },
  {
    pattern: /(?:invalid target release|release version|invalid source release):? (\S+)/,
    code: 'COMPILE_FAILED',
    detail: ([, release]) => ({
      en: `pom.xml asks for Java ${release}, more than the JDK of this build has`,
      zh: `pom.xml 要求 Java ${release}，高于此次构建的 JDK`,
    }),
    hint: {
      en: 'Ask for that version of Java in the request, or set a lower one in pom.xml.',
      zh: '请在请求中要求该版本的 Java，或在 pom.xml 中设置更低的版本。',
    },
  },
]
