import type { FailureWords, Words } from '@packline/shared'

/** Of packline.yaml, the ignore file and other files that say how a source is built. */
export const manifestFailures = {
  /** `what` may be a parser's own sentence. */
  mistake: (where: string, what: Words, hint: Words, others = 0) => ({
    detail: {
      en: `${where}: ${what.en}${others > 0 ? ` (and ${others} more)` : ''}`,
      zh: `${where}：${what.zh}${others > 0 ? `（另有 ${others} 处）` : ''}`,
    },
    hint,
  }),
  noFile: (path: string, isLink: boolean, commit: string) => ({
    detail: {
      en: `${path} is ${isLink ? 'a link' : 'no file'} in the commit ${commit}`,
      zh: `提交 ${commit} 中的 ${path} ${isLink ? '是链接' : '不是文件'}`,
    },
  }),
  tooLarge: (path: string, size: number, bytesMax: number) => ({
    detail: {
      en: `${path} has ${size} bytes; expected at most ${bytesMax}`,
      zh: `${path} 有 ${size} 字节；最多应为 ${bytesMax} 字节`,
    },
  }),
  absent: (path: string, commit: string) => ({
    detail: {
      en: `There is no ${path} in the commit ${commit}`,
      zh: `提交 ${commit} 中没有 ${path}`,
    },
    hint: {
      en: 'It lists the functions of the repository; name another path, or another ref.',
      zh: '它列出仓库中的函数；请给出另一个路径或另一个 ref。',
    },
  }),
  tooManyLines: (file: string, lines: number, linesMax: number) => ({
    detail: {
      en: `${file} has ${lines} lines; at most ${linesMax} are read`,
      zh: `${file} 有 ${lines} 行；最多读取 ${linesMax} 行`,
    },
    hint: { en: 'Name folders, not single files.', zh: '请写文件夹，而不是逐个文件。' },
  }),
  globstars: (where: string, pattern: string, count: number, most: number) => ({
    detail: {
      en: `${where}: "${pattern}" has ${count} times "**"; at most ${most} are read`,
      zh: `${where}："${pattern}" 含有 ${count} 个 "**"；最多读取 ${most} 个`,
    },
    hint: {
      en: 'Two patterns, or one with fewer "**", say the same: "**/x" is "x" in this syntax.',
      zh: '两条模式，或 "**" 更少的一条，意思相同：在这种语法中 "**/x" 就是 "x"。',
    },
  }),
  slowPatterns: (files: number, seconds: number) => ({
    detail: {
      en: `Matching ${files} paths with the patterns took over ${seconds} s`,
      zh: `用这些模式匹配 ${files} 个路径超过了 ${seconds} 秒`,
    },
    hint: {
      en: 'Use fewer patterns, and fewer "**" in each.',
      zh: '请减少模式的数量，以及每条中的 "**"。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

/** Of the files of a source. */
export const treeFailures = {
  unknownKind: (path: string) => ({
    detail: {
      en: `${path} is neither a file, a folder nor a link`,
      zh: `${path} 既不是文件，也不是文件夹或链接`,
    },
    hint: {
      en: 'Leave sockets, pipes and devices out of the source.',
      zh: '请不要在源代码中放套接字、管道和设备。',
    },
  }),
  unreadable: (path: Words, { found, hint }: { found: Words; hint: Words }) => ({
    detail: { en: `${path.en} ${found.en}`, zh: `${path.zh} ${found.zh}` },
    hint,
  }),
  tooLarge: (path: string, size: number, bytesMax: number) => ({
    detail: {
      en: `${path} has ${size} bytes; at most ${bytesMax} of such a file are read`,
      zh: `${path} 有 ${size} 字节；这种文件最多读取 ${bytesMax} 字节`,
    },
  }),
  deadLink: (path: string, target: string | undefined) => ({
    detail: {
      en: `${path} is a link to ${target}, where the source has no file`,
      zh: `${path} 是指向 ${target} 的链接，而源代码中那里没有文件`,
    },
    hint: {
      en: 'Put the file itself there, or what the link leads to into the source.',
      zh: '请在那里放文件本身，或把链接的目标放进源代码。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

/** The folder itself, where no path names it. */
export const WHOLE_FOLDER: Words = { en: 'The folder', zh: '该文件夹' }

/** What the file system says to what users and their builds can make, and how to mend it. */
export const UNREADABLE = {
  notAllowed: {
    found: { en: 'may not be read', zh: '无权读取' },
    hint: { en: 'Give its owner the right to read it.', zh: '请给它的所有者读取权限。' },
  },
  tooDeep: {
    found: { en: 'lies too deep', zh: '层次过深' },
    hint: { en: 'Use shorter paths, or fewer folders.', zh: '请使用更短的路径或更少的文件夹。' },
  },
  gone: {
    found: { en: 'is gone, or its name is not UTF-8', zh: '已不存在，或名称不是 UTF-8' },
    hint: { en: 'Rename it.', zh: '请重命名。' },
  },
  link: {
    found: { en: 'is a link where a file was', zh: '原是文件，现在是链接' },
    hint: { en: 'Put the file itself there.', zh: '请在那里放文件本身。' },
  },
  pipe: {
    found: { en: 'is a pipe where a file was', zh: '原是文件，现在是管道' },
    hint: { en: 'Put the file itself there.', zh: '请在那里放文件本身。' },
  },
} satisfies Record<string, { found: Words; hint: Words }>

/** Of what a manifest's dependencies came to. */
export const dependencyFailures = {
  linkedOutside: (path: string, target: string) => ({
    detail: {
      en: `${path} is a link to ${target}, which lies beside the dependencies`,
      zh: `${path} 是指向 ${target} 的链接，它不在依赖之中`,
    },
    hint: {
      en: 'Name a published version: a dependency package holds no folders of the source.',
      zh: '请使用已发布的版本：依赖包不包含源代码的文件夹。',
    },
  }),
  nothing: (runtime: string) => ({
    detail: {
      en: `Nothing was installed for ${runtime}`,
      zh: `没有为 ${runtime} 安装任何内容`,
    },
    hint: {
      en: 'Declare dependencies in requirements.txt, package.json or pom.xml at the root.',
      zh: '请在根目录的 requirements.txt、package.json 或 pom.xml 中声明依赖。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>
