import type { FailureWords, Words } from '@packline/shared'

/** What go commands say, and what a source of Go lacks. */
export const goFailures = {
  hostIsOlder: (what: string, wanted: string, host: string) => ({
    detail: {
      en: `${what} asks for Go ${wanted}; the platform's plugin host is Go ${host}`,
      zh: `${what} 要求 Go ${wanted}；平台的插件宿主是 Go ${host}`,
    },
    hint: {
      en: `Set the go line of go.mod to ${host} or older, and older versions of its modules.`,
      zh: `请把 go.mod 的 go 行改为 ${host} 或更旧，并使用更旧版本的模块。`,
    },
  }),
  noToolchain: (version: string, why: Words) => ({
    detail: {
      en: `Go ${version} can not be had: ${why.en}`,
      zh: `无法取得 Go ${version}：${why.zh}`,
    },
    hint: {
      en: 'Ask for an older Go in the go line of go.mod, or install that Go on the worker.',
      zh: '请在 go.mod 的 go 行要求更旧的 Go，或在工作节点上安装该版本的 Go。',
    },
  }),
  noCompiler: (compiler: string) => ({
    detail: {
      en: `The C compiler ${compiler} is not on this worker`,
      zh: `该工作节点上没有 C 编译器 ${compiler}`,
    },
    hint: {
      en: 'Install gcc (apt-get install gcc libc6-dev), or ziglang from PyPI.',
      zh: '请安装 gcc（apt-get install gcc libc6-dev），或 PyPI 上的 ziglang。',
    },
  }),
  brokenModule: (line: string, reason: string | undefined) => ({
    detail: {
      en: `${line}: ${reason ?? 'see the output'}`,
      zh: `${line}：${reason ?? '见输出'}`,
    },
    hint: {
      en: 'Mend the line that is named; go mod tidy writes both files anew.',
      zh: '请修正指出的行；go mod tidy 会重写这两个文件。',
    },
  }),
  proxyOff: (stage: string) => ({
    detail: {
      en: `${stage}: the worker is configured to fetch no modules (GOPROXY=off)`,
      zh: `${stage}：该工作节点配置为不下载模块（GOPROXY=off）`,
    },
    hint: {
      en: 'Hand in the modules with the source (go mod vendor), or ask the operator for a proxy.',
      zh: '请把模块随源代码一起提交（go mod vendor），或请管理员配置代理。',
    },
  }),
  proxyAway: (stage: string) => ({
    detail: {
      en: `${stage} could not reach the module proxy`,
      zh: `${stage} 无法访问模块代理`,
    },
  }),
  sumDiffers: (module: string) => ({
    detail: {
      en: `${module} is not what go.sum says it is`,
      zh: `${module} 与 go.sum 的记录不符`,
    },
    hint: {
      en: 'Find out who changed it; when it was you, let go mod tidy write go.sum anew.',
      zh: '请查明是谁改动了它；若是您改动的，请用 go mod tidy 重写 go.sum。',
    },
  }),
  sumLacks: (module: string) => ({
    detail: { en: `go.sum has no entry for ${module}`, zh: `go.sum 中没有 ${module}` },
    hint: {
      en: 'Run go mod tidy and hand in the go.sum that it writes, or leave go.sum out.',
      zh: '请运行 go mod tidy 并提交它写出的 go.sum，或不提交 go.sum。',
    },
  }),
  notFound: (stage: string, name: string, isSdk: boolean) => ({
    detail: { en: `${stage} found no ${name}`, zh: `${stage} 没有找到 ${name}` },
    hint: isSdk
      ? {
          en: "The platform's SDK is in no public registry: the operator puts it beside the profile.",
          zh: '平台的 SDK 不在公共仓库中：由管理员放在平台配置旁边。',
        }
      : {
          en: 'Look at its path and version in go.mod; go get writes both, go mod tidy the sums.',
          zh: '请检查 go.mod 中它的路径和版本；go get 写入这两项，go mod tidy 写入校验和。',
        },
  }),
  doesNotCompile: (said: string, more: Words) => ({
    detail: { en: `${said}${more.en}`, zh: `${said}${more.zh}` },
    hint: {
      en: 'Mend the line that is named; go vet ./... shows the same without packing.',
      zh: '请修正指出的行；go vet ./... 不打包也会给出同样的结果。',
    },
  }),
  noMainFunction: () => ({
    detail: {
      en: 'expected func main() in package main, where an executable starts; found none',
      zh: '可执行文件从 main 包的 func main() 开始；实际没有',
    },
    hint: {
      en: 'Add it; for a plugin name the symbol in the handler, such as hello.Handler.',
      zh: '请添加它；若是插件，请在执行入口中写明符号，例如 hello.Handler。',
    },
  }),
  httpPlugin: () => ({
    detail: {
      en: 'An HTTP function can not be a Go plugin',
      zh: 'HTTP 函数不能是 Go 插件',
    },
    hint: {
      en: 'Leave build.mode out: HTTP functions are executables that bootstrap starts.',
      zh: '请去掉 build.mode：HTTP 函数是由 bootstrap 启动的可执行文件。',
    },
  }),
  noProgram: (handler: string | undefined) => ({
    detail: {
      en: `The handler "${handler}" names no Go program`,
      zh: `执行入口 "${handler}" 没有指明 Go 程序`,
    },
  }),
  localFolder: (place: string, replaced: string | undefined, folder: string) => ({
    detail: {
      en: `${place}: ${replaced ? `${replaced} is replaced by` : 'it uses'} ${folder}, which is not in the source`,
      zh: `${place}：${replaced ? `${replaced} 被替换为` : '它使用'} ${folder}，而源代码中没有`,
    },
    hint: {
      en: 'Hand in the folder that has both, or take the line out.',
      zh: '请提交同时包含两者的文件夹，或去掉这一行。',
    },
  }),
  operatorModule: (folder: string, found: Words) => ({
    detail: {
      en: `${folder} of the profile's SDK ${found.en}`,
      zh: `平台配置的 SDK 中 ${folder} ${found.zh}`,
    },
    hint: {
      en: "Put the platform's Go module there, with its go.mod, or take the folder away.",
      zh: '请在那里放平台的 Go 模块及其 go.mod，或移走该文件夹。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

/** Why a Go toolchain is not there. */
export const WHY_NO_GO = {
  asked: (what: string, found: string): Words => ({
    en: `${what} asks for it, this worker has Go ${found}`,
    zh: `${what} 要求它，该工作节点上是 Go ${found}`,
  }),
  /** `because`: why the stage wants it, in English. */
  of: (because: string): Words => ({ en: because, zh: '工作节点上没有，也无法下载' }),
}

/** What is wrong with the operator's module. */
export const NO_MODULE = {
  files: (most: number): Words => ({
    en: `has more than ${most} files`,
    zh: `的文件超过 ${most} 个`,
  }),
  bytes: (most: number): Words => ({
    en: `has more than ${most} bytes`,
    zh: `超过 ${most} 字节`,
  }),
  noGoMod: {
    en: 'has no go.mod with a module line',
    zh: '没有带 module 行的 go.mod',
  },
}

/** Behind a C compiler that is missing. */
export const FOR_PLUGINS = {
  detail: (architecture: string): Words => ({
    en: ` that compiles for ${architecture}, and Go needs one for plugins and cgo`,
    zh: `（为 ${architecture} 编译），而 Go 的插件和 cgo 需要它`,
  }),
  /** `mend`: how to install it. */
  hint: (mend: string): Words => ({
    en: `${mend}, or pip install ziglang`,
    zh: `请安装：${mend}，或 pip install ziglang`,
  }),
}
