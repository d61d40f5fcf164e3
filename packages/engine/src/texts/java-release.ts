import type { Texts } from '../finding.ts'

export const javaReleaseTexts = {
  /** `more`: further classes of the jar that are too new. */
  newer: (name: string, jar: string | undefined, of: number, more: number, release: number) => ({
    message: {
      en: `${name}${jar === undefined ? '' : ` in ${jar}`} is compiled for Java ${of}${more > 0 ? ` (and ${more} more of its classes)` : ''}; the function runs on Java ${release}`,
      zh: `${jar === undefined ? '' : `${jar} 中的 `}${name} 是为 Java ${of} 编译的${more > 0 ? `（其中另有 ${more} 个类也是）` : ''}；函数运行在 Java ${release} 上`,
    },
    hint: {
      en: `Compile with --release ${release} (Maven: maven.compiler.release, Gradle: options.release), take a version of the library that is made for Java ${release}, or ask for a newer Java.`,
      zh: `用 --release ${release} 编译（Maven：maven.compiler.release，Gradle：options.release），使用该库为 Java ${release} 制作的版本，或选择较新的 Java。`,
    },
  }),
} satisfies Texts
