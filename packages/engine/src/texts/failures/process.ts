import type { FailureWords } from '@packline/shared'
import { verbatim } from '../../words.ts'

/** How a command of a build ended that did not end well; `tool` is its program's name. */
export const processFailures = {
  timedOut: (tool: string, seconds: number) => ({
    detail: {
      en: `${tool} ran for ${seconds} s, its limit`,
      zh: `${tool} 运行了 ${seconds} s，达到了上限`,
    },
    hint: {
      en: 'Find what it waits for in its last lines, or raise build.timeoutSeconds.',
      zh: '请从它最后的输出看它在等什么，或调大 build.timeoutSeconds。',
    },
  }),
  notStarted: (file: string, because: string, tool: string) => ({
    detail: {
      en: `${file} could not be started on this worker: ${because}`,
      zh: `${file} 无法在该工作节点上启动：${because}`,
    },
    hint: {
      en: `Install ${tool} on the worker and start it again.`,
      zh: `请在工作节点上安装 ${tool}，再重新启动工作节点。`,
    },
  }),
  noGroup: (said: string) => ({
    detail: {
      en: `The control groups that bound a command could not be used: ${said}`,
      zh: `无法使用限制命令的控制组：${said}`,
    },
  }),
  noSandbox: (said: string) => ({ detail: verbatim(said) }),
  exited: (stage: string, exitCode: number) => ({
    detail: { en: `${stage} exited ${exitCode}`, zh: `${stage} 以退出码 ${exitCode} 结束` },
  }),
  ended: (stage: string, signal: string | null) => ({
    detail: { en: `${stage} was ended by ${signal}`, zh: `${stage} 被信号 ${signal} 结束` },
  }),
  outsideBench: (path: string, isThere: boolean) => ({
    detail: isThere
      ? {
          en: `${path} is a link where a file was made`,
          zh: `${path} 原是生成的文件，现在却是链接`,
        }
      : { en: `${path} was not made`, zh: `${path} 没有生成` },
  }),
  folderReplaced: (path: string) => ({
    detail: {
      en: `${path} is not the folder any more that it was: a command of the build replaced it`,
      zh: `${path} 不再是原来的目录：构建的命令替换了它`,
    },
    hint: {
      en: 'Let commands write into the folders below /build, and not move, link or remove these.',
      zh: '让命令写入 /build 下的目录，不要移动、链接或删除这些目录。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>
