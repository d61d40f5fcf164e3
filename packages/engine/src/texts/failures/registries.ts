import type { FailureWords, Words } from '@packline/shared'

const ASK: Words = {
  en: 'Take the dependency from a registry, or put it into the source; an operator who trusts that server can allow it: PACKLINE_REGISTRY_HOSTS.',
  zh: '请改用仓库中的依赖，或把它放进源代码；信任该服务器的管理员可以放行它：PACKLINE_REGISTRY_HOSTS。',
}

/** What stages may not reach, or do not; `servers`: as host:port. */
export const registryFailures = {
  unreached: (stage: string, servers: string) => ({
    detail: {
      en: `${stage} found no answer at ${servers}`,
      zh: `${stage} 未得到 ${servers} 的应答`,
    },
    hint: {
      en: 'Try again; an operator finds why in the log of the build, and names registries in PACKLINE_REGISTRIES.',
      zh: '请重试；管理员可在构建日志中查看原因，并在 PACKLINE_REGISTRIES 中指定仓库。',
    },
  }),
  refused: (stage: string, servers: string) => ({
    detail: {
      en: `${stage} asked for ${servers}, which is no registry of this worker`,
      zh: `${stage} 请求了 ${servers}，它不是该工作节点的仓库`,
    },
    hint: ASK,
  }),
  refusedToo: (servers: string, said: Words) => ({
    detail: {
      en: `${said.en}; it asked for ${servers}, which is no registry of this worker`,
      zh: `${said.zh}；它请求了 ${servers}，那不是该工作节点的仓库`,
    },
    hint: ASK,
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>
