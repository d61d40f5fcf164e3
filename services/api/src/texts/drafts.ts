import type { FailureWords, Words } from '@packline/shared'

const ANOTHER_PATH: Words = {
  en: 'Choose another path, or remove one.',
  zh: '请换一个路径，或删除其中一个。',
}
const BUILD_ZIP: Words = {
  en: 'Upload a ZIP and build that, or leave installed dependencies to the build.',
  zh: '请上传 ZIP 并直接构建它，或把依赖的安装留给构建。',
}

/** Why files can not be edited online. */
export const readOnlyReasons = {
  compiled: (runtime: string): Words => ({
    en: `${runtime} is compiled: its files can not be edited online`,
    zh: `${runtime} 是编译型语言：文件不能在线编辑`,
  }),
  unopened: (bytes: number): Words => ({
    en: `The archive unpacks to ${bytes} bytes: it is listed and not opened`,
    zh: `压缩包解压后有 ${bytes} 字节：只列出文件，不打开`,
  }),
}

/** Of the draft of a function, at a path of it or as a whole. */
export const draftFailures = {
  compiled: (reason: Words) => ({
    detail: withRule(reason, 'online-edit'),
    hint: {
      en: 'Send the source as a ZIP, inline or by git: Packline compiles it.',
      zh: '请以 ZIP、请求内联或 git 提交源代码：由 Packline 编译。',
    },
  }),
  unopened: (reason: Words) => ({
    detail: withRule(reason, 'unpack-to-edit'),
    hint: {
      en: 'Import a smaller archive, or delete the draft and begin anew.',
      zh: '请导入较小的压缩包，或删除草稿重新开始。',
    },
  }),
  noFirstFiles: (reason: Words, runtime: string) => ({
    detail: withRule(reason, 'online-edit'),
    hint: {
      en: `GET /v1/templates/${runtime}/package has first files to work on elsewhere.`,
      zh: `GET /v1/templates/${runtime}/package 有初始文件，可在自己的机器上编辑。`,
    },
  }),
  noTemplate: (runtime: string, type: string) => ({
    detail: {
      en: `No template fits a ${runtime} function of type ${type} with this handler`,
      zh: `没有适合此执行入口的 ${runtime} 函数模板（类型 ${type}）`,
    },
    hint: {
      en: 'GET /v1/templates lists those that there are, with their handlers.',
      zh: 'GET /v1/templates 列出现有的模板及其执行入口。',
    },
  }),
  noEntry: (path: string) => ({
    detail: { en: `The draft has no ${path}`, zh: `草稿中没有 ${path}` },
    hint: {
      en: 'GET /v1/functions/NAME/files lists what it has.',
      zh: 'GET /v1/functions/NAME/files 列出其中的文件。',
    },
  }),
  changing: (name: string) => ({
    detail: {
      en: `The draft of ${name} is being changed all the time`,
      zh: `${name} 的草稿一直在被修改`,
    },
    hint: {
      en: 'Send the change again; nothing was written.',
      zh: '请重新发送此修改；什么也没有写入。',
    },
  }),
  noUpload: (upload: string) => ({
    detail: { en: `There is no upload ${upload}`, zh: `没有上传文件 ${upload}` },
  }),
  uploadLost: () => ({
    detail: {
      en: 'The uploaded archive is not in the store',
      zh: '上传的压缩包不在存储中',
    },
    hint: { en: 'Upload it again and import it.', zh: '请重新上传并导入。' },
  }),
  intoItself: (from: string) => ({
    detail: {
      en: `${from} can not be moved into itself`,
      zh: `${from} 不能移动到自身之中`,
    },
    hint: ANOTHER_PATH,
  }),
  isTaken: (path: string) => ({
    detail: { en: `${path} is there already`, zh: `${path} 已经存在` },
    hint: ANOTHER_PATH,
  }),
  clash: (one: string, other: string) => ({
    detail: {
      en: `"${one}" and "${other}" can not both be in one package`,
      zh: `"${one}" 和 "${other}" 不能同在一个部署包中`,
    },
    hint: ANOTHER_PATH,
  }),
  tooManyEntries: (entries: number, most: number) => ({
    detail: {
      en: `The draft would have ${entries} files and folders; at most ${most} can be edited online`,
      zh: `草稿将有 ${entries} 个文件和文件夹；最多 ${most} 个可以在线编辑`,
    },
    hint: BUILD_ZIP,
  }),
  tooLarge: (bytes: number, most: number) => ({
    detail: {
      en: `The draft would have ${bytes} bytes; at most ${most} can be edited online`,
      zh: `草稿将有 ${bytes} 字节；最多 ${most} 字节可以在线编辑`,
    },
    hint: BUILD_ZIP,
  }),
  noFile: (path: string, linkTarget: string | undefined) => ({
    detail:
      linkTarget === undefined
        ? {
            en: `${path} is a folder; only files have content`,
            zh: `${path} 是文件夹；只有文件才有内容`,
          }
        : {
            en: `${path} is a link to ${linkTarget}; only files have content`,
            zh: `${path} 是指向 ${linkTarget} 的链接；只有文件才有内容`,
          },
    hint: {
      en: 'GET /v1/functions/NAME/files lists all that there is.',
      zh: 'GET /v1/functions/NAME/files 列出所有内容。',
    },
  }),
  stands: (kind: 'file' | 'folder' | 'link', path: string) => ({
    detail: { en: `There is a ${kind} at ${path}`, zh: `${path} 处已有${KINDS[kind]}` },
    hint: {
      en: 'Choose another path, or remove what is there.',
      zh: '请换一个路径，或删除那里的内容。',
    },
  }),
  contentLost: (path: string) => ({
    detail: {
      en: `The content of ${path} is not in the store`,
      zh: `${path} 的内容不在存储中`,
    },
    hint: {
      en: 'It may have been changed just now: read it again.',
      zh: '它可能刚被修改：请重新读取。',
    },
  }),
} satisfies Record<string, (...parts: never[]) => FailureWords>

function withRule({ en, zh }: Words, rule: string): Words {
  return { en: `${en} (rule ${rule})`, zh: `${zh}（规则 ${rule}）` }
}

const KINDS = { file: '文件', folder: '文件夹', link: '链接' }

/** Why a change does not go with what is there; where it is one entry, its path is said before. */
export const preconditionFailures = {
  at: (path: string, { en, zh }: Words) => ({
    detail: { en: `${path}: ${en}`, zh: `${path}：${zh}` },
  }),
  isThere: { en: 'it is there already', zh: '已经存在' },
  changed: { en: 'it was changed meanwhile', zh: '其间已被修改' },
  gone: { en: 'it is not there any more', zh: '已不存在' },
  unnamed: {
    en: 'it is there, and the change names no If-Match',
    zh: '已经存在，而修改没有给出 If-Match',
  },
  otherVersion: (version: number) => ({
    detail: {
      en: `The draft has version ${version}; the change was made on another`,
      zh: `草稿的版本是 ${version}；修改依据的是另一个版本`,
    },
  }),
  draftUnnamed: () => ({
    detail: {
      en: 'The draft has files, and the change names no If-Match',
      zh: '草稿中已有文件，而修改没有给出 If-Match',
    },
  }),
}
