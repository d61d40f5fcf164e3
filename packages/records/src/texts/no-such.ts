import { FAILURES, FAILURES_ZH, type FailureWords } from '@packline/shared'

/** Of what is asked for by name or id and is not there, or is another tenant's. */
export const noSuch = {
  build: (id: string) => ({
    detail: { en: `There is no build "${id}"`, zh: `没有构建 "${id}"` },
  }),
  batch: (id: string) => ({
    detail: { en: `There is no batch "${id}"`, zh: `没有批次 "${id}"` },
  }),
  expansion: (id: string) => ({
    detail: { en: `There is no expansion "${id}"`, zh: `没有展开任务 "${id}"` },
  }),
  report: (build: string, state: string | undefined) => ({
    detail: {
      en: `The build ${build} is ${state}: it has no report`,
      zh: `构建 ${build} 的状态为 ${state}：没有报告`,
    },
    hint: {
      en: 'A build that was made, or failed by its content, has one when it has ended.',
      zh: '构建完成或因内容失败的，结束后才有报告。',
    },
  }),
  key: (id: string) => ({
    detail: { en: `There is no key "${id}"`, zh: `没有密钥 "${id}"` },
    hint: {
      en: 'GET /v1/keys lists those of the tenant; the operator removes those of the environment.',
      zh: 'GET /v1/keys 列出租户的密钥；环境变量中的密钥由管理员删除。',
    },
  }),
  hook: (id: string) => ({
    detail: { en: `There is no hook "${id}"`, zh: `没有 webhook "${id}"` },
  }),
  delivery: (hook: string, id: string, kept: number) => ({
    detail: { en: `There is no delivery "${id}"`, zh: `没有投递 "${id}"` },
    hint: {
      en: `The last ${kept} are kept: GET /v1/hooks/${hook}/deliveries.`,
      zh: `保留最近 ${kept} 次：GET /v1/hooks/${hook}/deliveries。`,
    },
  }),
  credential: (name: string, wanted?: { kind: string; place: string }) => ({
    detail: {
      en: `There is no credential "${name}"${wanted ? ` for ${wanted.kind} at ${wanted.place}` : ''}`,
      zh: `没有${wanted ? `用于 ${wanted.place} 的 ${wanted.kind} ` : ''}凭证 "${name}"`,
    },
    hint: {
      en: 'GET /v1/credentials lists them; PUT /v1/credentials/NAME keeps one.',
      zh: 'GET /v1/credentials 列出凭证；用 PUT /v1/credentials/NAME 保存。',
    },
  }),
  dependency: (ref: string) => ({
    detail: { en: `There is no dependency package "${ref}"`, zh: `没有依赖包 "${ref}"` },
    hint: {
      en: FAILURES.DEPENDENCY_PACKAGE_NOT_FOUND.hint,
      zh: FAILURES_ZH.DEPENDENCY_PACKAGE_NOT_FOUND.hint,
    },
  }),
  function: (name: string) => ({
    detail: { en: `There is no function "${name}"`, zh: `没有函数 "${name}"` },
    hint: {
      en: 'Register it with PUT /v1/functions/NAME; GET /v1/functions lists those that are.',
      zh: '请用 PUT /v1/functions/NAME 注册；GET /v1/functions 列出已注册的函数。',
    },
  }),
  package: (name: string, which: number | string) => ({
    detail:
      typeof which === 'number'
        ? { en: `${name} has no package ${which}`, zh: `${name} 没有部署包 ${which}` }
        : { en: `${name} has no alias "${which}"`, zh: `${name} 没有别名 "${which}"` },
    hint: {
      en: `GET /v1/functions/${name}/packages lists its packages with their aliases.`,
      zh: `GET /v1/functions/${name}/packages 列出它的部署包及其别名。`,
    },
  }),
  notice: (id: string) => ({
    detail: { en: `There is no notice "${id}"`, zh: `没有通知 "${id}"` },
    hint: {
      en: 'Those of a build are at /v1/builds/ID/notices, for 30 days after they were told.',
      zh: '构建的通知在 /v1/builds/ID/notices，送出后保留 30 天。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>
