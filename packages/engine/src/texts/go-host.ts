import type { Words } from '@packline/shared'
import type { Texts } from '../finding.ts'

const SAME: Words = {
  en: 'plugins only load into a host that has the same',
  zh: '插件只能被与之相同的宿主加载',
}
const BUILD_SAME: Words = {
  en: 'Build it with the same: go get MODULE@VERSION for a module; from source Packline takes the same Go by itself.',
  zh: '用相同的版本编译：模块用 go get MODULE@VERSION；从源代码构建时 Packline 自动使用相同的 Go。',
}

export const goHostTexts = {
  otherGo: (path: string, own: string, host: string) => ({
    message: {
      en: `${path} was built by Go ${own}, the platform's host by Go ${host}; ${SAME.en}`,
      zh: `${path} 由 Go ${own} 编译，平台的宿主由 Go ${host} 编译；${SAME.zh}`,
    },
    hint: BUILD_SAME,
  }),
  otherModule: (path: string, module: string, own: string, host: string) => ({
    message: {
      en: `${path} has ${module} ${own}, the host ${host}; ${SAME.en}`,
      zh: `${path} 用的是 ${module} ${own}，宿主用的是 ${host}；${SAME.zh}`,
    },
    hint: BUILD_SAME,
  }),
  /** `by`: Go and modules that it was built with; `asked`: the release that the request names. */
  unknownHost: (by: Words, asked: string | undefined) => ({
    message: {
      en: `proved only against ${by.en}: the profile does not say which Go the platform's plugin host has${asked === undefined ? '' : `, and the function asks for Go ${asked}`}`,
      zh: `只针对 ${by.zh} 得到验证：profile 没有写明平台插件宿主的 Go 版本${asked === undefined ? '' : `，而函数要求 Go ${asked}`}`,
    },
    hint: {
      en: "Ask the platform's operator, and set go.host in the profile.",
      zh: '请向平台运营方询问，并在 profile 中设置 go.host。',
    },
  }),
} satisfies Texts
