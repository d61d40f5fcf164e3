import type { Words } from '@packline/shared'
import type { Said } from '../finding.ts'

/** Why bootstrap can not be started, or may not be; each goes on from "bootstrap: ". */
export const bootstrapTexts = {
  notExecutable: () => ({
    message: { en: 'it is not executable', zh: '没有可执行权限' },
    hint: { en: 'Pack it with mode 0755.', zh: '打包时把权限设为 0755。' },
  }),
  empty: () => ({
    message: { en: 'it is empty', zh: '文件是空的' },
    hint: { en: 'Write what starts the function into it.', zh: '在里面写上启动函数的命令。' },
  }),
  objectFile: () => ({
    message: { en: 'it is an ELF object file', zh: '它是 ELF 目标文件' },
    hint: { en: 'Link it to an executable.', zh: '把它链接成可执行文件。' },
  }),
  neither: () => ({
    message: {
      en: 'it is neither an ELF executable nor a script',
      zh: '它既不是 ELF 可执行文件，也不是脚本',
    },
    hint: { en: 'Build it for Linux.', zh: '为 Linux 编译它。' },
  }),
  byteOrderMark: () => ({
    message: { en: 'it starts with a byte order mark', zh: '它以字节顺序标记（BOM）开头' },
    hint: { en: 'Save it as UTF-8 without one.', zh: '保存为不带 BOM 的 UTF-8。' },
  }),
  carriageReturns: () => ({
    message: {
      en: 'its lines end in CRLF, as Windows writes them; Linux reads the CR as part of the line',
      zh: '行尾是 Windows 的 CRLF；Linux 会把 CR 当作行的内容',
    },
    hint: { en: 'Save it with LF line ends.', zh: '用 LF 行尾保存。' },
  }),
  noInterpreter: () => ({
    message: { en: 'its first line names no interpreter', zh: '第一行没有写明解释器' },
    hint: { en: 'Start it with #!/bin/sh.', zh: '用 #!/bin/sh 开头。' },
  }),
  relativeInterpreter: (path: string) => ({
    message: {
      en: `its interpreter "${path}" is no absolute path`,
      zh: `它的解释器 "${path}" 不是绝对路径`,
    },
    hint: {
      en: 'Name it by its full path, such as #!/bin/sh.',
      zh: '写解释器的完整路径，例如 #!/bin/sh。',
    },
  }),
  absentInterpreter: (path: string) => ({
    message: {
      en: `its interpreter ${path} is not in the package`,
      zh: `它的解释器 ${path} 不在包里`,
    },
    hint: {
      en: 'Add the interpreter to the package, or name one of the platform.',
      zh: '把解释器加进包里，或改用平台自带的。',
    },
  }),
  unknownInterpreter: (command: string) => ({
    message: {
      en: `its interpreter "${command}" is not known to be on the platform`,
      zh: `不知道平台上是否有它的解释器 "${command}"`,
    },
    hint: {
      en: 'Bring the interpreter in the package, or start it from a #!/bin/sh script.',
      zh: '把解释器放进包里，或由 #!/bin/sh 脚本启动它。',
    },
  }),
} satisfies Record<string, (...found: never[]) => Said>

/** The same as a whole sentence of what can not be started. */
export function unusable({ message, hint }: Said): Said {
  return {
    message: { en: `can not be started: ${message.en}`, zh: `无法启动：${message.zh}` },
    hint,
  }
}

/** Whose fault it is, before what the fault is. */
export function ofBootstrap({ en, zh }: Words): Words {
  return { en: `bootstrap: ${en}`, zh: `bootstrap：${zh}` }
}
