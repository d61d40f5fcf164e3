import type { FailureWords, Words } from '@packline/shared'

/** What a source of Java lacks, and what its compiler says. */
export const javaFailures = {
  noBootstrap: (port: number, spring: string, other: string, isInModule: boolean) => ({
    detail: {
      en: `an HTTP function is started by the file bootstrap, which the source has not; expected it at the root${isInModule ? ', or in the module that is built' : ''}`,
      zh: `HTTP 函数由文件 bootstrap 启动，而源代码中没有；它应在根目录${isInModule ? '，或在所构建的模块中' : ''}`,
    },
    hint: {
      en: `Add a file "bootstrap" of two lines, "#!/bin/sh" and, for Spring Boot's jar, "${spring}"; for any other, such as "${other}". The server must listen on port ${port}.`,
      zh: `请添加两行的文件 "bootstrap"：第一行 "#!/bin/sh"，第二行对 Spring Boot 的 jar 是 "${spring}"，其他的例如 "${other}"。服务器必须监听端口 ${port}。`,
    },
  }),
  noManifest: (module: string) => ({
    detail: {
      en: `build.module is "${module}"; neither it nor the root has a pom.xml or a Gradle build`,
      zh: `build.module 是 "${module}"；它和根目录都没有 pom.xml 或 Gradle 构建`,
    },
    hint: {
      en: 'Leave build.module out for plain sources, or name the folder of a module.',
      zh: '普通源代码请去掉 build.module，或给出某个模块的文件夹。',
    },
  }),
  noModule: (module: string, found: readonly string[]) => ({
    detail: {
      en: `build.module is "${module}", a folder that the source has not; modules in it: ${found.join(', ') || 'none'}`,
      zh: `build.module 是 "${module}"，源代码中没有这个文件夹；其中的模块：${found.join('、') || '没有'}`,
    },
    hint: {
      en: "Name a module's folder by its path from the root of the source.",
      zh: '请用从源代码根目录算起的路径给出模块的文件夹。',
    },
  }),
  noPom: (module: string) => ({
    detail: {
      en: `build.module is "${module}", which has no pom.xml`,
      zh: `build.module 是 "${module}"，它没有 pom.xml`,
    },
    hint: {
      en: 'Name the folder of a module, where its pom.xml is.',
      zh: '请给出模块的文件夹，即它的 pom.xml 所在处。',
    },
  }),
  noJar: (path: string) => ({
    detail: {
      en: `${path} of the profile's SDK is no jar`,
      zh: `平台配置的 SDK 中 ${path} 不是 jar`,
    },
    hint: { en: 'Put a jar into its place, or take it out.', zh: '请换成 jar，或移走它。' },
  }),
  nothingToCompile: (found: Words) => ({
    detail: {
      en: `expected a pom.xml, .java files or jars, found ${found.en}`,
      zh: `应有 pom.xml、.java 文件或 jar，实际是 ${found.zh}`,
    },
    hint: {
      en: 'Hand in a Maven project, .java files, or a finished JAR or ZIP of jars.',
      zh: '请提交 Maven 项目、.java 文件，或做好的 JAR，或含 jar 的 ZIP。',
    },
  }),
  olderJdk: (release: number, has: string, mend: string) => ({
    detail: {
      en: `Java ${release} needs a JDK ${release} or newer; this worker has ${has}`,
      zh: `Java ${release} 需要 JDK ${release} 或更新；该工作节点上是 ${has}`,
    },
    hint: {
      en: `Install a JDK ${release} on the worker (${mend}).`,
      zh: `请在工作节点上安装 JDK ${release}（${mend}）。`,
    },
  }),
  sameName: (name: string, one: string, other: string) => ({
    detail: {
      en: `two libraries are called ${name}: ${one} and ${other}; all stand at the package's root`,
      zh: `有两个库都叫 ${name}：${one} 和 ${other}；所有库都放在包的根目录`,
    },
    hint: {
      en: 'Rename one of them, or leave out the one that is not needed.',
      zh: '请给其中一个改名，或去掉不需要的那个。',
    },
  }),
  doesNotCompile: (place: string, said: string, more: Words, hint?: Words) => ({
    detail: { en: `${place}: ${said}${more.en}`, zh: `${place}：${said}${more.zh}` },
    hint,
  }),
  noMavenJar: (war: string | undefined) => ({
    detail: {
      en: `Maven was to make a jar in target/; found ${war ? `only ${war}` : 'none'}`,
      zh: `Maven 应在 target/ 中生成 jar；${war ? `只有 ${war}` : '实际没有'}`,
    },
    hint: {
      en: 'Set <packaging>jar</packaging> in pom.xml, and leave <build><directory> as it is.',
      zh: '请在 pom.xml 中设置 <packaging>jar</packaging>，并保持 <build><directory> 不变。',
    },
  }),
  noGradleJar: () => ({
    detail: {
      en: 'Gradle was to make a jar; found none',
      zh: 'Gradle 应生成 jar；实际没有',
    },
    hint: APPLY_JAVA,
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

export const APPLY_JAVA: Words = {
  en: "Apply the plugin 'java' in the module that has the handler.",
  zh: "请在含有执行入口的模块中应用插件 'java'。",
}

/** Where a package that is missing belongs. */
export const MISSING_PACKAGE = {
  /** The vendor's, which is in no registry. */
  ofPlatform: (name: string): Words => ({
    en: `${name} is the platform's SDK, which no public registry has: take the context as Object, name the vendor's jar in the build file (provided or system scope), or have it put into the profile's sdk/java.`,
    zh: `${name} 属于平台的 SDK，公共仓库中没有：请把 context 参数写成 Object，或在构建文件中引用厂商的 jar（provided 或 system 作用域），或请运维人员把它放进 profile 的 sdk/java。`,
  }),
  intoPom: (name: string): Words => ({
    en: `Add the library that has ${name} to \`<dependencies>\` in pom.xml.`,
    zh: `请在 pom.xml 的 \`<dependencies>\` 中添加含有 ${name} 的库。`,
  }),
  intoFolder: (name: string): Words => ({
    en: `Put the jar that has ${name} into the source (lib/ is a good place), or add a pom.xml that names it.`,
    zh: `请把含有 ${name} 的 jar 放进源代码（例如 lib/），或添加引用它的 pom.xml。`,
  }),
  intoGradle: (name: string): Words => ({
    en: `Add the library that has ${name} to \`dependencies\` in the build file.`,
    zh: `请在构建文件的 \`dependencies\` 中添加含有 ${name} 的库。`,
  }),
}

/** Of the Gradle that builds. */
export const gradleFailures = {
  noJdk: (gradle: string, oldest: number, newest: number, has: string) => ({
    detail: {
      en: `Gradle ${gradle} runs on Java ${oldest} to ${newest}; this worker has ${has}`,
      zh: `Gradle ${gradle} 可在 Java ${oldest} 到 ${newest} 上运行；该工作节点上是 ${has}`,
    },
    hint: {
      en: `Name another Gradle in gradle/wrapper/gradle-wrapper.properties, or have a JDK ${newest} installed on the worker.`,
      zh: `请在 gradle/wrapper/gradle-wrapper.properties 中指定另一个 Gradle，或在工作节点上安装 JDK ${newest}。`,
    },
  }),
  badAddress: (place: string, found: string | undefined) => ({
    detail: {
      en: `${place}: distributionUrl is ${found ?? 'missing'}; expected an address that ends in gradle-VERSION-bin.zip`,
      zh: `${place}：distributionUrl ${found === undefined ? '缺失' : `是 ${found}`}；应为以 gradle-VERSION-bin.zip 结尾的地址`,
    },
    hint: {
      en: 'Write it anew by "gradle wrapper --gradle-version VERSION".',
      zh: '请用 "gradle wrapper --gradle-version VERSION" 重新生成。',
    },
  }),
  otherSum: (version: string | undefined, actual: string, expected: string | undefined) => ({
    detail: {
      en: `the distribution of Gradle ${version} has the SHA-256 ${actual}; expected ${expected}`,
      zh: `Gradle ${version} 发行包的 SHA-256 是 ${actual}；应为 ${expected}`,
    },
    hint: {
      en: 'Look at distributionSha256Sum in gradle/wrapper/gradle-wrapper.properties. Where it is right, somebody has changed the distribution.',
      zh: '请检查 gradle/wrapper/gradle-wrapper.properties 中的 distributionSha256Sum。如果它正确，则发行包被人改动过。',
    },
  }),
  noDistribution: (version: string | undefined, reason: string | undefined) => ({
    detail: {
      en: `the distribution of Gradle ${version} could not be had: ${reason ?? 'it did not start'}`,
      zh: `无法取得 Gradle ${version} 的发行包：${reason ?? '它没有启动'}`,
    },
    hint: {
      en: 'Look at distributionUrl in gradle/wrapper/gradle-wrapper.properties: the worker must reach it. Without a wrapper its own Gradle builds.',
      zh: '请检查 gradle/wrapper/gradle-wrapper.properties 中的 distributionUrl：工作节点必须能访问它。没有 wrapper 时用工作节点自己的 Gradle 构建。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

/** Behind a Gradle that is missing. */
export const NO_WRAPPER = {
  detail: { en: ', and the source brings no wrapper', zh: '，源代码也没有带 wrapper' },
  /** `mend`: how to install it. */
  hint: (mend: string): Words => ({
    en: `Add gradle/wrapper/gradle-wrapper.jar and .properties to the source, or have Gradle installed on the worker (${mend}).`,
    zh: `请把 gradle/wrapper/gradle-wrapper.jar 和 .properties 加到源代码，或在工作节点上安装 Gradle（${mend}）。`,
  }),
}
