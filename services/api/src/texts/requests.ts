import type { FailureWords, Words } from '@packline/shared'

const SEND_KEY: Words = {
  en: 'Send the header "Authorization: Bearer KEY"; npm start prints a key.',
  zh: '请发送请求头 "Authorization: Bearer KEY"；npm start 会显示密钥。',
}

/** Of a request's path, method and headers. */
export const requestFailures = {
  noPath: (method: string, path: string) => ({
    detail: { en: `There is no ${method} ${path}`, zh: `没有 ${method} ${path}` },
    hint: {
      en: 'GET /openapi.json lists every path.',
      zh: 'GET /openapi.json 列出所有路径。',
    },
  }),
  otherMethod: (method: string, path: string) => ({
    detail: { en: `${path} does not take ${method}`, zh: `${path} 不支持 ${method}` },
    hint: {
      en: 'GET /openapi.json lists every path with its methods.',
      zh: 'GET /openapi.json 列出所有路径及其方法。',
    },
  }),
  headersTooLarge: (bytesMax: number) => ({
    detail: {
      en: `The headers, with the address, have over ${bytesMax} bytes`,
      zh: `请求头连同地址超过 ${bytesMax} 字节`,
    },
  }),
  tooSlow: () => ({
    detail: {
      en: 'The request did not come whole within the time that it may take',
      zh: '请求没有在允许的时间内全部到达',
    },
    hint: {
      en: 'Send it again on a faster line; a large source may lie in object storage instead.',
      zh: '请换用更快的网络重新发送；较大的源可以放在对象存储中。',
    },
  }),
  noHttp: (said: string) => ({
    detail: {
      en: `What came is no HTTP request: ${said}`,
      zh: `收到的不是 HTTP 请求：${said}`,
    },
    hint: {
      en: 'Send HTTP/1.1 without TLS here; a reverse proxy takes https.',
      zh: '此处请发送不带 TLS 的 HTTP/1.1；https 由反向代理处理。',
    },
  }),
  boardReadOnly: () => ({
    detail: {
      en: 'The board of the queues can only be looked at',
      zh: '队列看板只能查看',
    },
    hint: {
      en: 'Cancel and retry builds with POST /v1/builds/ID/cancel and /retry.',
      zh: '请用 POST /v1/builds/ID/cancel 和 /retry 取消和重试构建。',
    },
  }),
  noKey: () => ({
    detail: { en: 'The request has no key', zh: '请求没有密钥' },
    hint: SEND_KEY,
  }),
  unknownKey: () => ({
    detail: { en: 'The key is not known', zh: '密钥无法识别' },
    hint: SEND_KEY,
  }),
  expiredKey: (expiresAt: string) => ({
    detail: { en: `The key expired at ${expiresAt}`, zh: `密钥已于 ${expiresAt} 过期` },
    hint: {
      en: "Ask the tenant's admin for another: POST /v1/keys makes one.",
      zh: '请向租户的管理员索取新的密钥：POST /v1/keys 可创建。',
    },
  }),
  scope: (scope: string, needed: string) => ({
    detail: {
      en: `The key has the scope "${scope}"; this needs "${needed}"`,
      zh: `密钥的权限范围是 "${scope}"；此操作需要 "${needed}"`,
    },
    hint: {
      en: `Use a key with the scope "${needed}"; the tenant's admin can make one: POST /v1/keys.`,
      zh: `请使用权限范围为 "${needed}" 的密钥；租户的管理员可以用 POST /v1/keys 创建。`,
    },
  }),
  notOperator: () => ({
    detail: {
      en: "The board of the queues shows all tenants; only the operator's key opens it",
      zh: '队列看板显示所有租户的内容；只能用运维人员的密钥打开',
    },
    hint: {
      en: 'Use the one that the API has in PACKLINE_OPERATOR_KEY; no key of a tenant does.',
      zh: '请使用 API 的 PACKLINE_OPERATOR_KEY 中的密钥；租户的密钥都不行。',
    },
  }),
  tooMany: (perMinute: number) => ({
    detail: {
      en: `The key asked more than ${perMinute} times within this minute`,
      zh: `该密钥在这一分钟内的请求超过 ${perMinute} 次`,
    },
    hint: {
      en: 'Wait as long as Retry-After says. POST /v1/batches takes 10000 builds in one request.',
      zh: '请按 Retry-After 等待。POST /v1/batches 一个请求可提交 10000 个构建。',
    },
  }),
  tooManyOpen: (atOnce: number) => ({
    detail: {
      en: `The key has ${atOnce} requests open already, streams and downloads among them`,
      zh: `该密钥已有 ${atOnce} 个未结束的请求，包括事件流和下载`,
    },
    hint: {
      en: 'End some first. GET /v1/batches/ID/events tells of all builds of a batch in one stream.',
      zh: '请先结束一些。GET /v1/batches/ID/events 在一个流中给出批次的所有构建。',
    },
  }),
  lastEventId: (found: string) => ({
    detail: {
      en: `Last-Event-ID is ${found}; expected a whole number`,
      zh: `Last-Event-ID 是 ${found}；应为整数`,
    },
    hint: {
      en: 'Send the id of the last event that was read, or leave it out to read all.',
      zh: '请发送最后读到的事件的标识；省略则从头读取。',
    },
  }),
  idempotencyKey: (length: number) => ({
    detail: {
      en: `Idempotency-Key has ${length} characters; expected 1 to 255 visible ASCII ones`,
      zh: `Idempotency-Key 有 ${length} 个字符；应为 1 到 255 个可见的 ASCII 字符`,
    },
    hint: {
      en: 'A random UUID for each request will do.',
      zh: '每个请求用一个随机的 UUID 即可。',
    },
  }),
  ifMatch: (given: string) => ({
    detail: {
      en: `If-Match is ${given}; expected ETags, or "*"`,
      zh: `If-Match 是 ${given}；应为 ETag 或 "*"`,
    },
    hint: {
      en: 'Send the ETag as it was answered, with its quotation marks.',
      zh: '请原样发送应答中的 ETag，包括引号。',
    },
  }),
} satisfies Record<string, (...parts: never[]) => FailureWords>
