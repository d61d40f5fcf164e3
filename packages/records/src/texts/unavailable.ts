import type { FailureWords, Words } from '@packline/shared'

const UPDATE: Words = {
  en: 'Update this service: another one of the installation is newer.',
  zh: '请更新此服务：同一安装中另有较新的服务。',
}

const COMES_BACK: Words = {
  en: 'Try again in a moment; nothing needs to be restarted when Redis comes back.',
  zh: '请稍后重试；Redis 恢复后不需要重新启动任何服务。',
}

/** Of Redis, the object store or the installation's key, and of what no worker came through. */
export const unavailable = {
  silent: (ms: number) => ({
    detail: {
      en: `Redis did not answer within ${ms} ms`,
      zh: `Redis 在 ${ms} 毫秒内没有应答`,
    },
    hint: COMES_BACK,
  }),
  away: () => ({
    detail: { en: 'Redis is not connected', zh: '没有与 Redis 的连接' },
    hint: COMES_BACK,
  }),
  notNow: (said: string) => ({
    detail: {
      en: `Redis does not take this now: ${said}`,
      zh: `Redis 现在不接受此操作：${said}`,
    },
    hint: COMES_BACK,
  }),
  filling: () => ({
    detail: {
      en: 'Redis is being filled from the object store',
      zh: '正在从对象存储恢复 Redis 的内容',
    },
    hint: {
      en: 'Try again in a moment; nothing needs to be restarted.',
      zh: '请稍后重试；不需要重新启动任何服务。',
    },
  }),
  partLost: () => ({
    detail: {
      en: 'Redis lost a part of the batch on its way',
      zh: 'Redis 在途中丢失了批次的一部分',
    },
    hint: { en: 'Nothing was accepted. Send it again.', zh: '没有接受任何内容。请再次发送。' },
  }),
  beingRemoved: () => ({
    detail: {
      en: 'A source of the request is just being removed',
      zh: '请求的某个源正在被移除',
    },
    hint: {
      en: 'Nobody had named it for a day. Send the request again; upload an archive anew before.',
      zh: '它已一天没有被引用。请再次发送请求；若是压缩包，请先重新上传。',
    },
  }),
  archive: (key: string) => ({
    detail: { en: `The archive ${key} could not be read`, zh: `归档 ${key} 无法读取` },
    hint: {
      en: 'Try again when the object store answers; a build that has ended is kept there.',
      zh: '请在对象存储恢复应答后重试；已结束的构建保存在那里。',
    },
  }),
  segment: (segment: string, build: string) => ({
    detail: {
      en: `The segment ${segment} lacks the build ${build}`,
      zh: `归档段 ${segment} 中没有构建 ${build}`,
    },
    hint: {
      en: 'The object was changed or cut after it was written: restore it.',
      zh: '该对象在写入后被修改或截断：请恢复它。',
    },
  }),
  newerBuild: (build: string, schema: number, known: number) => ({
    detail: {
      en: `The build ${build} was archived with schema ${schema}; this Packline reads ${known} and older`,
      zh: `构建 ${build} 以 schema ${schema} 归档；此 Packline 只能读取 ${known} 及更早的`,
    },
    hint: UPDATE,
  }),
  newerThing: (key: string, schema: number, known: number) => ({
    detail: {
      en: `${key} was written with schema ${schema}; this Packline reads ${known} and older`,
      zh: `${key} 以 schema ${schema} 写入；此 Packline 只能读取 ${known} 及更早的`,
    },
    hint: UPDATE,
  }),
  otherKey: () => ({
    detail: {
      en: 'A stored secret does not open with this key',
      zh: '已保存的机密不能用此密钥打开',
    },
    hint: {
      en: 'Start API and workers with the PACKLINE_SECRET_KEY that it was stored with.',
      zh: '请以保存它时的 PACKLINE_SECRET_KEY 启动 API 和工作节点。',
    },
  }),
  noKey: () => ({
    detail: {
      en: 'This installation has no key for secrets',
      zh: '此安装没有用于机密的密钥',
    },
    hint: {
      en: 'Start API and workers with a PACKLINE_SECRET_KEY: openssl rand -base64 32 makes one.',
      zh: '请以 PACKLINE_SECRET_KEY 启动 API 和工作节点：可用 openssl rand -base64 32 生成。',
    },
  }),
  tampered: (credential: string) => ({
    detail: {
      en: `The credential "${credential}" was tampered with`,
      zh: `凭证 "${credential}" 已被篡改`,
    },
  }),
  unreadable: () => ({
    detail: {
      en: 'Its repository was read again and again, never to the end',
      zh: '它的仓库被反复读取，但从未读完',
    },
    hint: {
      en: 'It may use up the memory or time of its worker: build its functions one by one.',
      zh: '它可能耗尽了工作节点的内存或时间：请逐个构建其中的函数。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

/** In place of the hint where only the answer may have been lost. */
export const UNSURE: Words = {
  en: 'It may have been accepted all the same: look at the list of builds before you ask again, or send an Idempotency-Key, with which it is made once.',
  zh: '它可能已被接受：再次提交之前请先查看构建列表，或发送 Idempotency-Key，这样只会执行一次。',
}
