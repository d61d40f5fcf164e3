import type { FailureWords, Words } from '@packline/shared'

/** How a package that the store lost is had again. */
function makeAgain(build: string): Words {
  return {
    en: `Make it again with POST /v1/builds/${build}/retry.`,
    zh: `请用 POST /v1/builds/${build}/retry 重新生成。`,
  }
}

/** What a build may have beside its record. */
export const BUILD_PARTS = {
  package: { en: 'package', zh: '部署包' },
  storedPackage: { en: 'package in the store', zh: '存储中的部署包' },
  storedSbom: { en: 'SBOM in the store', zh: '存储中的 SBOM' },
  sourceMap: { en: 'source map', zh: '源映射（source map）' },
} satisfies Record<string, Words>

/** Of builds, their packages and documents, and of templates. */
export const packageFailures = {
  revisionLost: (number: number, build: string) => ({
    detail: {
      en: `The package ${number} is no longer in the store`,
      zh: `部署包 ${number} 已不在存储中`,
    },
    hint: makeAgain(build),
  }),
  none: (build: string, state: string) => ({
    detail: {
      en: `The build ${build} is ${state}: it has no package`,
      zh: `构建 ${build} 的状态是 ${state}：没有部署包`,
    },
    hint: { en: `GET /v1/builds/${build} says why.`, zh: `原因见 GET /v1/builds/${build}。` },
  }),
  lost: (name: string, build: string) => ({
    detail: {
      en: `The package of ${name} is no longer in the store`,
      zh: `${name} 的部署包已不在存储中`,
    },
    hint: makeAgain(build),
  }),
  lostInBatch: (path: string) => ({
    detail: {
      en: `The package ${path} is no longer in the store`,
      zh: `部署包 ${path} 已不在存储中`,
    },
  }),
  noDeployment: (platform: string, build: string) => ({
    detail: {
      en: `${platform} has no call that takes the package of ${build}`,
      zh: `${platform} 没有能接收 ${build} 的部署包的调用`,
    },
    hint: {
      en: 'The report says whether its size may be deployed; the profile, whether its calls are known.',
      zh: '报告说明该大小能否部署；profile 说明是否知道平台的调用。',
    },
  }),
  noPart: (build: string, part: Words) => ({
    detail: { en: `The build ${build} has no ${part.en}`, zh: `构建 ${build} 没有${part.zh}` },
    hint: {
      en: `GET /v1/builds/${build} says how it ended.`,
      zh: `结果见 GET /v1/builds/${build}。`,
    },
  }),
  noTemplate: (runtime: string, type: string) => ({
    detail: {
      en: `There is no template for ${runtime} of type ${type}`,
      zh: `没有 ${runtime} 的 ${type} 类型的模板`,
    },
    hint: {
      en: 'GET /v1/templates lists those that there are.',
      zh: 'GET /v1/templates 列出现有的模板。',
    },
  }),
  notEnded: (build: string, state: string) => ({
    detail: {
      en: `The build is ${state}; only an ended one is retried`,
      zh: `构建的状态是 ${state}；只有已结束的构建才能重试`,
    },
    hint: {
      en: `Cancel it first with POST /v1/builds/${build}/cancel.`,
      zh: `请先用 POST /v1/builds/${build}/cancel 取消它。`,
    },
  }),
  noneFailed: () => ({
    detail: { en: 'No build of the batch has failed', zh: '该批次没有失败的构建' },
    hint: {
      en: 'Retry what ended otherwise one by one with POST /v1/builds/ID/retry.',
      zh: '以其他方式结束的构建，请用 POST /v1/builds/ID/retry 逐个重试。',
    },
  }),
  unfinished: (batch: string) => ({
    detail: {
      en: 'The batch has builds that are queued or running',
      zh: '该批次还有排队中或运行中的构建',
    },
    hint: {
      en: `Follow /v1/batches/${batch}/events; GET /v1/batches/${batch}/manifest says how all stand.`,
      zh: `请跟踪 /v1/batches/${batch}/events；各构建的状态见 GET /v1/batches/${batch}/manifest。`,
    },
  }),
} satisfies Record<string, (...parts: never[]) => FailureWords>
