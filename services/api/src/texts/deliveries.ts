import type { FailureWords, Words } from '@packline/shared'

const CHOOSE_JSON: Words = {
  en: 'Choose application/json as the content type in the settings of the webhook.',
  zh: '请在 webhook 的设置中把内容类型选为 application/json。',
}

/** Why a delivery builds nothing: it is none of the hook's, or is not what it should be. */
export const deliveryReasons = {
  ping: (): Words => ({ en: 'a ping: the hook is heard', zh: '这是 ping：webhook 已连通' }),
  noPush: (): Words => ({
    en: 'only pushes of branches and tags are built',
    zh: '只构建分支和标签的推送',
  }),
  otherRepository: (found: string | undefined, own: string): Words => ({
    en: `it is of ${found ?? 'no repository'}; the hook is bound to ${own}`,
    zh:
      found === undefined
        ? `没有给出仓库；webhook 绑定的是 ${own}`
        : `仓库是 ${found}；webhook 绑定的是 ${own}`,
  }),
  otherRef: (found: string): Words => ({
    en: `its ref is ${found}; expected a branch's or tag's`,
    zh: `ref 是 ${found}；应为分支或标签的 ref`,
  }),
  noCommit: (found: string): Words => ({
    en: `it names the commit ${found}; expected 40 or 64 digits`,
    zh: `给出的提交是 ${found}；应为 40 或 64 位十六进制数`,
  }),
  inactive: (): Words => ({ en: 'the hook is not active', zh: 'webhook 已停用' }),
  notFor: (kind: 'tag' | 'branch', name: string): Words => ({
    en: `the hook is not for the ${kind} ${name}`,
    zh: `webhook 不针对${kind === 'tag' ? '标签' : '分支'} ${name}`,
  }),
} satisfies Record<string, (...parts: never[]) => Words>

/** Of what a git server delivers. */
export const deliveryFailures = {
  refused: ({ en, zh }: Words) => ({
    detail: { en: `The delivery is refused: ${en}`, zh: `拒绝了这次投递：${zh}` },
    hint: {
      en: 'Look at the repository and the provider that the hook is bound to: GET /v1/hooks.',
      zh: '请检查 webhook 绑定的仓库和 git 服务：GET /v1/hooks。',
    },
  }),
  notSigned: () => ({
    detail: {
      en: 'The delivery is not signed with the secret',
      zh: '这次投递没有用该 webhook 的密钥签名',
    },
    hint: {
      en: 'Give the git server the secret that the hook was made with; docs/hooks.md says where.',
      zh: '请把创建 webhook 时的密钥填到 git 服务器上；位置见 docs/hooks.md。',
    },
  }),
  otherType: () => ({
    detail: {
      en: 'The delivery has no content type of JSON',
      zh: '这次投递的内容类型不是 JSON',
    },
    hint: CHOOSE_JSON,
  }),
  noObject: () => ({
    detail: { en: 'The delivery is no JSON object', zh: '这次投递不是 JSON 对象' },
    hint: CHOOSE_JSON,
  }),
} satisfies Record<string, (...parts: never[]) => FailureWords>
