import type { FailureWords, Words } from '@packline/shared'

/** `title`: what the source is called, such as its address. */
export const sourceFailures = {
  answers: (title: string, status: number) => ({
    detail: { en: `${title} answers ${status}`, zh: `${title} 应答 ${status}` },
    hint: {
      en: 'The address must answer 200 with the archive to anybody who asks.',
      zh: '该地址必须对任何请求以 200 应答并给出压缩包。',
    },
  }),
  encoded: (title: string, encoding: string) => ({
    detail: {
      en: `${title} is sent with the encoding "${encoding}", which nobody asked for`,
      zh: `${title} 以编码 "${encoding}" 发送，而请求中没有要求编码`,
    },
    hint: { en: 'Serve the archive as it is.', zh: '请原样提供该压缩包。' },
  }),
  tooLarge: (title: string, size: number, bytesMax: number) => ({
    detail: {
      en: `${title} has ${size} bytes or more; at most ${bytesMax} are taken`,
      zh: `${title} 至少有 ${size} 字节；最多接受 ${bytesMax} 字节`,
    },
  }),
  differs: (title: string, expected: string, found: string) => ({
    detail: {
      en: `${title} is ${found}; expected ${expected}`,
      zh: `${title} 是 ${found}；应为 ${expected}`,
    },
  }),
  late: (seconds: number) => ({
    detail: {
      en: `The source had not come within ${seconds} s`,
      zh: `源代码在 ${seconds} 秒内没有取到`,
    },
  }),
  noUpload: (upload: string) => ({
    detail: { en: `There is no upload ${upload}`, zh: `没有上传文件 ${upload}` },
    hint: {
      en: 'Upload the archive again with POST /v1/uploads and use the id it answers.',
      zh: '请用 POST /v1/uploads 重新上传压缩包，并使用它应答的标识。',
    },
  }),
  noDraft: (version: number) => ({
    detail: {
      en: `What version ${version} of the draft held is no longer in the store`,
      zh: `草稿第 ${version} 版的内容已不在存储中`,
    },
    hint: {
      en: 'Build the draft as it is now, with POST /v1/functions/NAME/builds.',
      zh: '请用 POST /v1/functions/NAME/builds 构建当前的草稿。',
    },
  }),
  noFolder: (path: string, isThere: boolean) => ({
    detail: isThere
      ? { en: `${path} is no folder`, zh: `${path} 不是文件夹` }
      : { en: `There is no folder ${path}`, zh: `没有文件夹 ${path}` },
    hint: {
      en: 'Name the folder that holds the code of one function.',
      zh: '请给出存放某个函数代码的文件夹。',
    },
  }),
  folderTooLarge: (path: string, size: number, bytesMax: number) => ({
    detail: {
      en: `${path} holds ${size} bytes; the platform takes at most ${bytesMax} unpacked`,
      zh: `${path} 有 ${size} 字节；平台最多接受解压后 ${bytesMax} 字节`,
    },
    hint: NOT_NEEDED,
  }),
  tooManyFiles: (filesMax: number) => ({
    detail: { en: `There are more than ${filesMax} files`, zh: `文件超过 ${filesMax} 个` },
    hint: NOT_NEEDED,
  }),
  mismatch: (title: Words, found: string) => ({
    detail: { en: `The ${title.en} came as ${found}`, zh: `${title.zh} 取到的是 ${found}` },
  }),
  brokeOff: (title: Words) => ({
    detail: {
      en: `The store broke off in the middle of the ${title.en}`,
      zh: `存储在传送 ${title.zh} 的中途断开`,
    },
  }),
  notAttached: (title: Words) => ({
    detail: { en: `The ${title.en} is not in the store`, zh: `${title.zh} 不在存储中` },
    hint: {
      en: 'An object was removed behind our back: make a new revision and name that.',
      zh: '对象被直接删除了：请制作新的修订并使用它。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

const NOT_NEEDED: Words = {
  en: 'Leave out what the function does not need at run time.',
  zh: '请去掉函数运行时不需要的内容。',
}

/** Of a source in an object store. */
export const objectFailures = {
  noCredential: (store: string) => ({
    detail: {
      en: `There is no credential to read from the store "${store}" with`,
      zh: `没有可用于读取存储 "${store}" 的凭证`,
    },
    hint: {
      en: 'Keep one of kind "object" for it with PUT /v1/credentials/NAME.',
      zh: '请用 PUT /v1/credentials/NAME 为它保存一个 "object" 类型的凭证。',
    },
  }),
  missing: (title: string) => ({
    detail: { en: `There is no object ${title}`, zh: `没有对象 ${title}` },
  }),
  noBucket: (store: string, bucket: string) => ({
    detail: {
      en: `The store "${store}" has no "${bucket}"`,
      zh: `存储 "${store}" 没有 "${bucket}"`,
    },
  }),
  changed: (title: string) => ({
    detail: {
      en: `${title} was replaced while it was being read`,
      zh: `${title} 在读取过程中被替换`,
    },
  }),
  refused: (title: string, why: Words) => ({
    detail: {
      en: `The store does not give ${title}: ${why.en}`,
      zh: `存储不给出 ${title}：${why.zh}`,
    },
    hint: {
      en: 'See that the key of the credential may read this object.',
      zh: '请确认凭证中的密钥有权读取该对象。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

export const OTHER_REGION: Words = {
  en: 'the region of its configuration does not fit',
  zh: '配置中的区域不符',
}
export const storeSays = (said: string): Words => ({
  en: `it answers ${said}`,
  zh: `它应答 ${said}`,
})

/** What is brought from the store is called so. */
export const TITLES = {
  upload: (id: string): Words => ({ en: `upload ${id}`, zh: `上传文件 ${id}` }),
  draft: (version: number): Words => ({
    en: `draft of version ${version}`,
    zh: `第 ${version} 版草稿`,
  }),
  dependency: (ref: string): Words => ({ en: `dependency package ${ref}`, zh: `依赖包 ${ref}` }),
}
