import type { FailureWords, Words } from '@packline/shared'

const SEND_PLAIN: Words = {
  en: 'Send the body as it is, without Content-Encoding.',
  zh: '请原样发送请求体，不带 Content-Encoding。',
}
const UPLOAD_AND_SPLIT: Words = {
  en: 'Upload archives with POST /v1/uploads and send their ids; send more, smaller batches.',
  zh: '请用 POST /v1/uploads 上传压缩包并发送其标识；批次请分小、多次发送。',
}
const ONE_PER_LINE: Words = {
  en: 'Send one build request per line, each a JSON object.',
  zh: '请每行发送一个构建请求，各为一个 JSON 对象。',
}

/** Of what a request carries; `said` is as the parser says it. */
export const bodyFailures = {
  overLimit: (limit: string) => ({
    detail: {
      en: `The body is larger than this path takes${limit && ` (${limit} bytes)`}`,
      zh: `请求体超过该路径接受的大小${limit && `（${limit} 字节）`}`,
    },
    hint: UPLOAD_AND_SPLIT,
  }),
  noJson: (said: string) => ({
    detail: { en: `The body is not JSON: ${said}`, zh: `请求体不是 JSON：${said}` },
    hint: { en: 'Send one JSON object.', zh: '请发送一个 JSON 对象。' },
  }),
  otherEncoding: (said: string) => ({
    detail: { en: said, zh: `请求体的编码不受支持：${said}` },
    hint: SEND_PLAIN,
  }),
  cut: () => ({
    detail: {
      en: 'The connection ended before the whole body had come',
      zh: '请求体尚未全部到达，连接就中断了',
    },
    hint: { en: 'Send it again.', zh: '请重新发送。' },
  }),
  diskFull: () => ({
    detail: {
      en: 'The service has no disk space left to take it in',
      zh: '服务的磁盘空间不足，无法接收',
    },
  }),
  unreadable: (said: string) => ({
    detail: { en: said, zh: `请求无法读取：${said}` },
    hint: {
      en: 'GET /openapi.json says what each path takes.',
      zh: 'GET /openapi.json 说明每个路径接受什么。',
    },
  }),
  compressed: (encoding: string) => ({
    detail: { en: `The body is compressed (${encoding})`, zh: `请求体经过压缩（${encoding}）` },
    hint: SEND_PLAIN,
  }),
  tooLarge: (bytesMax: number) => ({
    detail: { en: `The body has over ${bytesMax} bytes`, zh: `请求体超过 ${bytesMax} 字节` },
    hint: UPLOAD_AND_SPLIT,
  }),
  tooManyValues: (most: number) => ({
    detail: { en: `The body holds more than ${most} values`, zh: `请求体中的值超过 ${most} 个` },
    hint: {
      en: 'Upload sources of many files as ZIPs with POST /v1/uploads; send smaller batches.',
      zh: '文件很多的源代码请用 POST /v1/uploads 以 ZIP 上传；批次请分小发送。',
    },
  }),
  lineTooLong: (line: number, bytesMax: number) => ({
    detail: {
      en: `line ${line}: it has over ${bytesMax} bytes`,
      zh: `第 ${line} 行：超过 ${bytesMax} 字节`,
    },
    hint: {
      en: 'Upload archives with POST /v1/uploads and send their ids.',
      zh: '请用 POST /v1/uploads 上传压缩包并发送其标识。',
    },
  }),
  lineNoJson: (said: string) => ({
    detail: { en: `it is not JSON in UTF-8: ${said}`, zh: `不是 UTF-8 编码的 JSON：${said}` },
    hint: ONE_PER_LINE,
  }),
  noLines: () => ({
    detail: {
      en: 'builds: expected at least one line; found none',
      zh: 'builds：应至少有一行；一行也没有',
    },
    hint: ONE_PER_LINE,
  }),
  tooManyLines: (line: number, most: number) => ({
    detail: {
      en: `line ${line}: a batch must hold at most ${most} builds; send more batches`,
      zh: `第 ${line} 行：一个批次最多 ${most} 个构建；请分成多个批次发送`,
    },
  }),
  emptyUpload: () => ({
    detail: {
      en: 'The body is empty; expected a ZIP or a JAR',
      zh: '请求体是空的；应为 ZIP 或 JAR',
    },
    hint: {
      en: 'Send the bytes of the archive as the body, such as curl --data-binary @function.zip.',
      zh: '请把压缩包的字节作为请求体发送，例如 curl --data-binary @function.zip。',
    },
  }),
  uploadTooLarge: (bytesMax: number) => ({
    detail: {
      en: `The upload has more than ${bytesMax / 1024 / 1024} MB (${bytesMax} bytes)`,
      zh: `上传的文件超过 ${bytesMax / 1024 / 1024} MB（${bytesMax} 字节）`,
    },
  }),
} satisfies Record<string, (...parts: never[]) => FailureWords>
