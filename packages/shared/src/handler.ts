import type { Words } from './finding.ts'
import type { HandlerForm } from './profile.ts'

/** A handler taken apart. `file` has no extension and uses forward slashes. */
export type Handler =
  | { form: 'file.function'; file: string; function: string }
  | { form: 'package.Class.method'; class: string; method: string }
  | { form: 'name.Symbol'; name: string; symbol: string }
  | { form: 'file'; file: string }
  | { form: 'any'; text: string }

/** As in JavaScript, Java, Python and Go; $ is in the first two's names alone. */
const identifier = String.raw`[\p{ID_Start}_$][\p{ID_Continue}$]*`
const fileName = String.raw`[\p{ID_Continue}][\p{ID_Continue}-]*`

const FORMS: Record<HandlerForm, { pattern: RegExp; make: (match: string[]) => Handler }> = {
  'file.function': {
    pattern: new RegExp(`^((?:${fileName}/)*${fileName})\\.(${identifier})$`, 'u'),
    make: ([, file = '', name = '']) => ({ form: 'file.function', file, function: name }),
  },
  'package.Class.method': {
    pattern: new RegExp(`^((?:${identifier}\\.)*${identifier})\\.(${identifier})$`, 'u'),
    make: ([, name = '', method = '']) => ({ form: 'package.Class.method', class: name, method }),
  },
  'name.Symbol': {
    pattern: new RegExp(`^(${fileName})\\.(\\p{Lu}\\p{ID_Continue}*)$`, 'u'),
    make: ([, name = '', symbol = '']) => ({ form: 'name.Symbol', name, symbol }),
  },
  file: {
    pattern: new RegExp(`^(${fileName})$`, 'u'),
    make: ([, file = '']) => ({ form: 'file', file }),
  },
  any: { pattern: /^([^\u0000-\u001f]+)$/, make: ([text = '']) => ({ form: 'any', text }) },
}

/** How each form looks to a user, with an example. */
export const HANDLER_EXAMPLES: Record<HandlerForm, Words> = {
  'file.function': {
    en: 'file.function, such as index.handler',
    zh: '文件.函数，例如 index.handler',
  },
  'package.Class.method': {
    en: 'package.Class.method, such as com.example.Hello.handle',
    zh: '包.类.方法，例如 com.example.Hello.handle',
  },
  'name.Symbol': {
    en: 'name.Symbol with an upper-case symbol, such as hello.Handler',
    zh: '名称.符号（符号以大写字母开头），例如 hello.Handler',
  },
  file: { en: 'the name of the executable, such as hello', zh: '可执行文件的名称，例如 hello' },
  any: { en: 'any text, handed to the program', zh: '任意文本，会交给程序' },
}

/** The handler by the first of the forms that fits, or undefined. */
export function parseHandler(handler: string, forms: readonly HandlerForm[]): Handler | undefined {
  for (const form of forms) {
    const match = FORMS[form].pattern.exec(handler)
    if (match) return FORMS[form].make(match)
  }
  return undefined
}
