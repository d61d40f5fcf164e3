import type { Words } from '@packline/shared'
import type { Texts } from '../finding.ts'
import { unwrap } from './entry-at-root.ts'

export const javaJarTexts = {
  springBoot: (path: string | undefined) => ({
    message: {
      en: `${path ?? 'the jar'} is a Spring Boot jar: its classes and libraries lie in BOOT-INF/, where the platform's class loader of event functions does not look`,
      zh: `${path ?? '该 jar'} 是 Spring Boot jar：它的类和库在 BOOT-INF/ 中，平台用于事件函数的类加载器不会去那里找`,
    },
    hint: {
      en: 'Leave the spring-boot-maven-plugin out, so that Packline puts the plain jar and its libraries side by side, or make it an HTTP function with a bootstrap.',
      zh: '去掉 spring-boot-maven-plugin，由 Packline 把普通 jar 和库放在一起；或者做成带 bootstrap 的 HTTP 函数。',
    },
  }),
  wrapped: (wrapper: string, jars: Words) => ({
    message: {
      en: `everything lies in the folder "${wrapper}"; expected the jars at the root, found ${jars.en}`,
      zh: `所有内容都在文件夹 "${wrapper}" 里；jar 应在根目录，实际是 ${jars.zh}`,
    },
    hint: unwrap(wrapper),
  }),
  noJar: (found: Words, hasClasses: boolean) => ({
    message: {
      en: `expected a jar at the root, found ${found.en}`,
      zh: `根目录应有 jar，实际是 ${found.zh}`,
    },
    hint: hasClasses
      ? {
          en: 'Put the classes into a jar (jar --create --file function.jar -C classes .), or hand in the source.',
          zh: '把类打成 jar（jar --create --file function.jar -C classes .），或提交源代码。',
        }
      : {
          en: "Put the function's jar and every library jar at the root of the ZIP, without folders.",
          zh: '把函数的 jar 和每个库的 jar 都放在 ZIP 的根目录，不要文件夹。',
        },
  }),
  inFolders: (jars: Words) => ({
    message: {
      en: `jars in folders are not on the class path: ${jars.en}`,
      zh: `文件夹里的 jar 不在类路径上：${jars.zh}`,
    },
    hint: { en: 'Move them to the root of the ZIP.', zh: '把它们移到 ZIP 的根目录。' },
  }),
} satisfies Texts
