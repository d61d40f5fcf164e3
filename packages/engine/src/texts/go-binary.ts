import type { Words } from '@packline/shared'
import type { Texts } from '../finding.ts'

/** How to build it: what mends most of what is wrong with a plugin or an executable. */
const PLUGIN: Words = {
  en: 'Build it with `go build -buildmode=plugin`.',
  zh: '用 `go build -buildmode=plugin` 编译。',
}
const program = (path: string): Words => ({
  en: `Build it with \`CGO_ENABLED=0 GOOS=linux go build -o ${path}\`.`,
  zh: `用 \`CGO_ENABLED=0 GOOS=linux go build -o ${path}\` 编译。`,
})

/** Of the rules go-plugin and go-executable, which look at one file. */
export const goBinaryTexts = {
  link: (path: string) => ({
    message: { en: `${path} is a link`, zh: `${path} 是符号链接` },
    hint: { en: 'Pack the file itself.', zh: '把文件本身打进包里。' },
  }),
  noElf: (path: string) => ({
    message: { en: `${path} is no ELF file`, zh: `${path} 不是 ELF 文件` },
    hint: PLUGIN,
  }),
  noLibrary: (path: string) => ({
    message: { en: `${path} is no dynamic library`, zh: `${path} 不是动态库` },
    hint: PLUGIN,
  }),
  notByGo: (path: string) => ({
    message: { en: `${path} was not made by Go`, zh: `${path} 不是由 Go 编译的` },
    hint: PLUGIN,
  }),
  otherMode: (path: string, mode: string | undefined) => ({
    message: {
      en: `${path} has build mode ${mode ?? 'unknown'}`,
      zh: `${path} 的编译模式${mode === undefined ? '未知' : `是 ${mode}`}`,
    },
    hint: PLUGIN,
  }),
  noProgram: (path: string) => ({
    message: { en: `${path} is no ELF executable`, zh: `${path} 不是 ELF 可执行文件` },
    hint: program(path),
  }),
  objectFile: (path: string) => ({
    message: { en: `${path} is an ELF object file`, zh: `${path} 是 ELF 目标文件` },
    hint: program(path),
  }),
  library: (path: string, mode: string) => ({
    message: {
      en: `${path} is a library (build mode ${mode}), not an executable`,
      zh: `${path} 是库（编译模式 ${mode}），不是可执行文件`,
    },
    hint: program(path),
  }),
  notExecutable: (path: string) => ({
    message: { en: `${path} is not executable`, zh: `${path} 没有可执行权限` },
    hint: { en: 'Pack it with mode 0755.', zh: '打包时把权限设为 0755。' },
  }),
} satisfies Texts
