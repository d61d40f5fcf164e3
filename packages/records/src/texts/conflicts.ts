import type { FailureWords } from '@packline/shared'

/** Who uses a dependency package, and how many of them are not named. */
interface Users {
  functions: readonly string[]
  builds: readonly string[]
  others: number
}

/** Of what is there, and does not allow what is asked for. */
export const conflicts = {
  ended: (build: string, state: string) => ({
    detail: {
      en: `The build ${build} has ended already: ${state}`,
      zh: `构建 ${build} 已经结束：${state}`,
    },
    hint: {
      en: 'Only queued and running builds can be cancelled.',
      zh: '只有排队中和运行中的构建可以取消。',
    },
  }),
  forgotten: () => ({
    detail: { en: 'What was asked for is known no more', zh: '请求的内容已不再保留' },
    hint: {
      en: 'Ask for the batch anew with POST /v1/batches.',
      zh: '请用 POST /v1/batches 重新提交该批次。',
    },
  }),
  noPush: (outcome: string) => ({
    detail: {
      en: `The delivery was ${outcome}: there is no push`,
      zh: `该投递的结果为 ${outcome}：其中没有推送`,
    },
    hint: {
      en: 'Only a push that was accepted can be worked off again; push once more.',
      zh: '只有已接受的推送可以重新处理；请再推送一次。',
    },
  }),
  tooManyHooks: (count: number) => ({
    detail: { en: `There are ${count} hooks already`, zh: `已有 ${count} 个 webhook` },
    hint: {
      en: 'Delete those that nobody uses: GET /v1/hooks lists them.',
      zh: '请删除无人使用的：GET /v1/hooks 列出 webhook。',
    },
  }),
  tooManyKeys: (count: number) => ({
    detail: { en: `There are ${count} keys already`, zh: `已有 ${count} 个密钥` },
    hint: {
      en: 'Revoke those that nobody uses: GET /v1/keys says when each was used last.',
      zh: '请吊销无人使用的：GET /v1/keys 列出每个密钥上次使用的时间。',
    },
  }),
  expiredAlready: (expiresAt: string) => ({
    detail: {
      en: `The key would expire at ${expiresAt}; expected a moment in the future`,
      zh: `密钥将在 ${expiresAt} 过期；应为将来的时刻`,
    },
    hint: {
      en: 'Give a later expiresAt, or leave it out: the key holds until it is revoked then.',
      zh: '请给出更晚的 expiresAt；省略则密钥在吊销前一直有效。',
    },
  }),
  hookChanged: () => ({
    detail: {
      en: 'The hook was changed again and again meanwhile',
      zh: '其间该 webhook 不断被修改',
    },
    hint: {
      en: 'Read it again, then send what is still to be changed.',
      zh: '请重新读取，再发送仍需修改的内容。',
    },
  }),
  noOwner: () => ({
    detail: {
      en: 'The repository has no owner in its address: no git server takes statuses of it',
      zh: '仓库的地址中没有所有者：没有 git 服务器接受它的提交状态',
    },
    hint: {
      en: 'Leave status out, or name the repository as HOST/OWNER/NAME.',
      zh: '请省略 status，或以 HOST/OWNER/NAME 的形式给出仓库。',
    },
  }),
  tooManyCredentials: (count: number) => ({
    detail: { en: `There are ${count} credentials already`, zh: `已有 ${count} 个凭证` },
    hint: {
      en: 'Delete those that nobody uses: GET /v1/credentials lists them.',
      zh: '请删除无人使用的：GET /v1/credentials 列出凭证。',
    },
  }),
  dependencyInUse: (ref: string, { functions, builds, others }: Users) => ({
    detail: {
      en: `${ref} is in use by ${[
        ...functions.map((name) => `function ${name}`),
        ...builds.map((id) => `unfinished build ${id}`),
      ].join(', ')}${others > 0 ? ` and ${others} more` : ''}`,
      zh: `${ref} 正被使用：${[
        ...functions.map((name) => `函数 ${name}`),
        ...builds.map((id) => `未结束的构建 ${id}`),
      ].join('、')}${others > 0 ? `（另有 ${others} 个）` : ''}`,
    },
    hint: {
      en: 'Build these functions without it, or cancel the builds, and delete it then.',
      zh: '请不带它重新构建这些函数，或取消这些构建，再删除它。',
    },
  }),
  fixedAlias: (name: string, alias: string) => ({
    detail: {
      en: `"${alias}" always points to a package`,
      zh: `"${alias}" 总是指向某个部署包`,
    },
    hint: {
      en: `Point it to another one with PUT /v1/functions/${name}/aliases/${alias}.`,
      zh: `请用 PUT /v1/functions/${name}/aliases/${alias} 让它指向另一个。`,
    },
  }),
  onlineFiles: (name: string, title: string) => ({
    detail: {
      en: `${name} has online files; ${title} is not edited online`,
      zh: `${name} 有在线文件；${title} 不能在线编辑`,
    },
    hint: {
      en: `Delete its files first with DELETE /v1/functions/${name}/files.`,
      zh: `请先用 DELETE /v1/functions/${name}/files 删除它的文件。`,
    },
  }),
  aliasesLeft: (name: string, aliases: readonly string[]) => ({
    detail: {
      en: `Packages of ${name} are in use as ${aliases.join(', ')}`,
      zh: `${name} 的部署包正在使用，别名为 ${aliases.join('、')}`,
    },
    hint: {
      en: `Remove these aliases first, with DELETE /v1/functions/${name}/aliases/ALIAS.`,
      zh: `请先用 DELETE /v1/functions/${name}/aliases/ALIAS 删除这些别名。`,
    },
  }),
  keyInUse: () => ({
    detail: {
      en: 'Another request with this Idempotency-Key is still being worked on',
      zh: '使用此 Idempotency-Key 的另一个请求仍在处理中',
    },
    hint: {
      en: 'Send it again in a moment: the answer of the first one is given again then.',
      zh: '请稍后再次发送：届时会得到第一个请求的应答。',
    },
  }),
  keyMismatch: () => ({
    detail: {
      en: 'The Idempotency-Key was used within the last day with a request that differs from this one',
      zh: '该 Idempotency-Key 在过去一天内已用于与此不同的请求',
    },
    hint: {
      en: 'Use a new key for a new request; send the very same request to get its answer again.',
      zh: '新的请求请使用新的键；要再次得到应答，请发送完全相同的请求。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>
