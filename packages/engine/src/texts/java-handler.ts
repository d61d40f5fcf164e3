import type { Words } from '@packline/shared'
import type { Texts } from '../finding.ts'

/** Of the rules handler-exists and initializer, for Java. */
export const javaHandlerTexts = {
  /** `jars`: the root's; empty: the package is the jar. */
  noClass: (name: string, jars: readonly string[], near: string | undefined, method: string) => ({
    message: {
      en: `the class ${name} is ${jars.length > 0 ? `in none of the root's jars (${jars.join(', ')})` : 'not in the jar'}`,
      zh:
        jars.length > 0
          ? `根目录的 jar（${jars.join('、')}）中都没有类 ${name}`
          : `jar 中没有类 ${name}`,
    },
    hint: nameClass(near, method),
  }),
  unread: (name: string, jar: string, near: string | undefined, method: string) => ({
    message: {
      en: `the class ${name} was not found; ${jar} could not be looked into`,
      zh: `没有找到类 ${name}；无法查看 ${jar} 的内容`,
    },
    hint: nameClass(near, method),
  }),
  otherClass: (path: string, name: string) => ({
    message: {
      en: `${path} is not the class file of ${name}`,
      zh: `${path} 不是 ${name} 的类文件`,
    },
    hint: {
      en: 'Compile it again, and pack it in the folder of its package.',
      zh: '重新编译它，并放在与其包名对应的文件夹中。',
    },
  }),
  closedClass: (name: string) => ({
    message: { en: `${name} is not public`, zh: `${name} 不是 public` },
    hint: { en: 'Write `public class`.', zh: '写成 `public class`。' },
  }),
  closedMethod: (name: string) => ({
    message: { en: `${name} is not public`, zh: `${name} 不是 public` },
    hint: { en: 'Write `public` before it.', zh: '在它前面加上 `public`。' },
  }),
  noMethod: (className: string, name: string, methods: Words, near: string | undefined) => ({
    message: {
      en: `${className} has no method "${name}"; ${methods.en}`,
      zh: `${className} 中没有方法 "${name}"；${methods.zh}`,
    },
    hint:
      near === undefined
        ? {
            en: `Add \`public Object ${name}(Object event, Context context)\`, or name another method.`,
            zh: `加上 \`public Object ${name}(Object event, Context context)\`，或在执行入口中写另一个方法。`,
          }
        : {
            en: `Name it in the handler as ${className}.${near}.`,
            zh: `在执行入口中写成 ${className}.${near}。`,
          },
  }),
} satisfies Texts

/** The public methods that there are, as the source has them. */
export function publicMethods(signatures: readonly string[], max: number): Words {
  if (signatures.length === 0) return { en: 'it has no public method', zh: '它没有 public 方法' }
  const shown = signatures.slice(0, max)
  const more = signatures.length > max ? ' ...' : ''
  return { en: `it has ${shown.join(', ')}${more}`, zh: `它有 ${shown.join('、')}${more}` }
}

function nameClass(near: string | undefined, method: string): Words {
  if (near === undefined) {
    return {
      en: 'Name the class with its whole package: com.example.Hello.handle.',
      zh: '写出类的完整包名：com.example.Hello.handle。',
    }
  }
  return {
    en: `There is ${near}: name it as ${near}.${method}.`,
    zh: `有 ${near}：请写成 ${near}.${method}。`,
  }
}
