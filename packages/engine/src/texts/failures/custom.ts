import type { FailureWords, Words } from '@packline/shared'

/** What a user's own command says, and what it lacks. */
export const customFailures = {
  brokenMakefile: (place: string, reason: string | undefined) => ({
    detail: { en: `${place}: ${reason}`, zh: `${place}：${reason}` },
    hint: {
      en: 'Mend the line that is named; make on your machine says the same.',
      zh: '请修正指出的行；在您的机器上 make 会给出同样的结果。',
    },
  }),
  notFound: (name: string) => ({
    detail: {
      en: `${name} is neither in the source nor on this worker`,
      zh: `${name} 既不在源代码中，也不在该工作节点上`,
    },
    hint: {
      en: 'A command has the programs of the worker and no network: hand in what it needs.',
      zh: '命令只能使用工作节点上的程序，没有网络：请提交它需要的内容。',
    },
  }),
  doesNotCompile: (said: string, more: Words) => ({
    detail: { en: `${said}${more.en}`, zh: `${said}${more.zh}` },
    hint: { en: 'Mend the line that is named.', zh: '请修正指出的行。' },
  }),
  recipe: (place: string, target: string | undefined, status: string | undefined) => ({
    detail: {
      en: `${place}: the recipe of ${target} ended with exit code ${status}`,
      zh: `${place}：${target} 的命令以退出码 ${status} 结束`,
    },
  }),
  command: (command: string, exitCode: number) => ({
    detail: {
      en: `build.command (${command}) ended with exit code ${exitCode}`,
      zh: `build.command（${command}）以退出码 ${exitCode} 结束`,
    },
    hint: {
      en: 'Its last lines say why; the folder for the package is named by PACKLINE_OUTPUT.',
      zh: '原因见它最后的输出；放置程序包的文件夹由 PACKLINE_OUTPUT 给出。',
    },
  }),
  noProgram: (program: string) => ({
    detail: {
      en: `build.command starts ${program}, which is not in the source`,
      zh: `build.command 启动 ${program}，而源代码中没有它`,
    },
    hint: {
      en: 'The command is run in the folder of the source: name a file of it, or a program.',
      zh: '命令在源代码的文件夹中运行：请给出其中的文件，或某个程序。',
    },
  }),
  carriageReturns: (path: string) => ({
    detail: {
      en: `${path}:1: its lines end in CRLF, as Windows writes them; Linux takes the CR for a part of the name`,
      zh: `${path}:1：它的行以 CRLF 结尾（Windows 的写法）；Linux 会把 CR 当作名称的一部分`,
    },
    hint: { en: 'Save it with LF line ends.', zh: '请以 LF 换行保存。' },
  }),
  notExecutable: (path: string) => ({
    detail: { en: `${path} is not executable`, zh: `${path} 没有执行权限` },
    hint: {
      en: 'Give it mode 0755, or let the command start its interpreter: ["sh", "build.sh"].',
      zh: '请给它权限 0755，或让命令启动解释器：["sh", "build.sh"]。',
    },
  }),
  noTarget: (wanted: readonly string[], found: readonly string[]) => ({
    detail: {
      en: `expected the target ${wanted.join(' or ')} in Makefile; found ${found.join(', ') || 'none'}`,
      zh: `Makefile 中应有目标 ${wanted.join(' 或 ')}；实际${found.length > 0 ? `是 ${found.join('、')}` : '没有'}`,
    },
    hint: {
      en: 'Add the target; it writes bootstrap and what that needs into $(PACKLINE_OUTPUT).',
      zh: '请添加该目标；它把 bootstrap 及其所需写入 $(PACKLINE_OUTPUT)。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>
