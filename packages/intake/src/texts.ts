import type { FailureWords, Words } from '@packline/shared'

/** Why a request that is right by itself makes no build: what it names is not there, or not so. */
export const intakeFailures = {
  otherRuntime: (ref: string, its: string, asked: string) => ({
    detail: {
      en: `${ref} is made for ${its}; the function is ${asked}`,
      zh: `${ref} 是为 ${its} 制作的；函数是 ${asked}`,
    },
    hint: {
      en: "Name a dependency package of the function's runtime.",
      zh: '请指定与函数运行时相同的依赖包。',
    },
  }),
  inlineTooLarge: (size: number, max: number) => ({
    detail: {
      en: `source.files has ${size} bytes; inline files may have ${max}`,
      zh: `source.files 有 ${size} 字节；请求内联的文件最多 ${max} 字节`,
    },
    hint: {
      en: 'Upload a ZIP with POST /v1/uploads instead.',
      zh: '请改用 POST /v1/uploads 上传 ZIP。',
    },
  }),
  noUpload: (upload: string) => ({
    detail: { en: `There is no upload ${upload}`, zh: `没有上传文件 ${upload}` },
    hint: {
      en: 'Upload the archive with POST /v1/uploads and use the id it answers.',
      zh: '请用 POST /v1/uploads 上传压缩包，并使用返回的标识。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

const GIVE_FILES: Words = {
  en: 'Give the function files, with PUT /v1/functions/NAME/files, or name another source.',
  zh: '请用 PUT /v1/functions/NAME/files 给函数添加文件，或指定其他源。',
}

/** Of what has no files online: compiled runtimes and dependency packages. */
const SEND_SOURCE: Words = {
  en: 'Send the source with the request: inline, as a ZIP uploaded before, by git or an address.',
  zh: '请随请求提交源代码：请求内联、先上传的 ZIP、git 或地址。',
}

/** Of a source of kind "draft"; `isEditable`: files of the runtime can be written online. */
export const draftFailures = {
  ofDependency: (name: string) => ({
    detail: {
      en: `The dependency package ${name} has no draft`,
      zh: `依赖包 ${name} 没有草稿`,
    },
    hint: SEND_SOURCE,
  }),
  noFunction: (name: string, isEditable: boolean) => ({
    detail: {
      en: `There is no function "${name}", whose draft could be built`,
      zh: `没有可构建其草稿的函数 "${name}"`,
    },
    hint: isEditable ? GIVE_FILES : SEND_SOURCE,
  }),
  noFiles: (name: string, isEditable: boolean) => ({
    detail: { en: `The draft of ${name} has no files`, zh: `${name} 的草稿没有文件` },
    hint: isEditable ? GIVE_FILES : SEND_SOURCE,
  }),
  otherRuntime: (name: string, its: string, asked: string) => ({
    detail: {
      en: `The draft of ${name} is of ${its}; the request names ${asked}`,
      zh: `${name} 的草稿属于 ${its}；请求指定的是 ${asked}`,
    },
    hint: {
      en: 'Build it as what the function is, or send the source inline, as a ZIP or by git.',
      zh: '请按函数的运行时构建，或以请求内联、ZIP 或 git 提交源代码。',
    },
  }),
  otherVersion: (name: string, its: number, asked: number) => ({
    detail: {
      en: `The draft of ${name} has version ${its}; the request names ${asked}`,
      zh: `${name} 的草稿版本为 ${its}；请求指定的是 ${asked}`,
    },
    hint: {
      en: 'Look at the draft as it is now, then name its version, or none to build it as it is.',
      zh: '请查看草稿现在的内容，再指定它的版本；不指定则按现状构建。',
    },
  }),
  contentGone: (path: string) => ({
    detail: { en: `The content of ${path} is not in the store`, zh: `存储中没有 ${path} 的内容` },
    hint: {
      en: 'It may have been removed from the draft just now: try again. Else save the file anew.',
      zh: '它可能刚从草稿中移除：请重试。否则请重新保存该文件。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>
