import type { FailureWords, Words } from '@packline/shared'

const LET_IT_WRITE = (tool: string, lock: string): Words => ({
  en: `Run ${tool} install and hand in the ${lock} that it writes.`,
  zh: `请运行 ${tool} install，并提交它写出的 ${lock}。`,
})

/** What a source of Node.js lacks. */
export const nodejsFailures = {
  /** `said` is a parser's own sentence. */
  badField: (place: string, field: string | undefined, said: string | undefined) => ({
    detail: {
      en: `${place}: ${field === undefined ? 'the whole' : `"${field}"`}: ${said}`,
      zh: `${place}：${field === undefined ? '整个文件' : `"${field}"`}：${said}`,
    },
    hint: {
      en: 'Mend the field; npm init makes a package.json to compare with.',
      zh: '请修正该字段；可用 npm init 生成 package.json 作比较。',
    },
  }),
  notJson: (place: string, said: string) => ({
    detail: { en: `${place} is not JSON: ${said}`, zh: `${place} 不是 JSON：${said}` },
    hint: {
      en: 'Look at the place that is named: often a comma too many or too few.',
      zh: '请检查指出的位置：常见的是多了或少了逗号。',
    },
  }),
  noJson: (path: string) => ({
    detail: { en: `${path} is not JSON`, zh: `${path} 不是 JSON` },
  }),
  notYaml: (place: string, code: string) => ({
    detail: { en: `${place} is not YAML: ${code}`, zh: `${place} 不是 YAML：${code}` },
    hint: { en: 'Mend the place that is named.', zh: '请修正指出的位置。' },
  }),
  outside: (name: string, spec: string) => ({
    detail: {
      en: `package.json: "${name}" is "${spec}", which lies outside of the source`,
      zh: `package.json："${name}" 是 "${spec}"，它在源代码之外`,
    },
    hint: {
      en: 'Put it into the source and name it from there, such as "file:./lib".',
      zh: '请把它放进源代码，并从那里引用，例如 "file:./lib"。',
    },
  }),
  absent: (name: string, spec: string) => ({
    detail: {
      en: `package.json: "${name}" is "${spec}", which the source does not hold`,
      zh: `package.json："${name}" 是 "${spec}"，而源代码中没有`,
    },
    hint: { en: 'Put it there, or mend the path.', zh: '请放在那里，或修正路径。' },
  }),
  typescript: (file: string, found: string) => ({
    detail: {
      en: `The handler's file is ${file}.js, and the source has ${found}: the platform runs no TypeScript`,
      zh: `执行入口的文件是 ${file}.js，而源代码中是 ${found}：平台不运行 TypeScript`,
    },
    hint: {
      en: 'Set build.bundle to true, or hand in the JavaScript that your compiler makes of it.',
      zh: '请把 build.bundle 设为 true，或提交编译得到的 JavaScript。',
    },
  }),
  packageManager: (place: string, field: string, example: string) => ({
    detail: {
      en: `${place}: "packageManager" is "${field}"; expected npm, yarn or pnpm with a whole version, such as "${example}"`,
      zh: `${place}："packageManager" 是 "${field}"；应为 npm、yarn 或 pnpm 及完整版本，例如 "${example}"`,
    },
    hint: {
      en: 'Mend the field, or leave it out: then the lock file decides.',
      zh: '请修正该字段，或去掉它：那时由锁文件决定。',
    },
  }),
  unknownLock: (lock: string, field: string, found: string, known: readonly string[]) => ({
    detail: {
      en: `${lock}: ${field} is ${found || 'missing'}; known are ${known.join(', ')}`,
      zh: `${lock}：${field} ${found ? `是 ${found}` : '缺失'}；已知的有 ${known.join('、')}`,
    },
    hint: {
      en: 'Name the version that wrote it as "packageManager" in package.json.',
      zh: '请在 package.json 的 "packageManager" 中写明生成它的版本。',
    },
  }),
  notLocked: (place: string, wanted: string) => ({
    detail: {
      en: `package.json and yarn.lock do not agree: ${place} asks for ${wanted}`,
      zh: `package.json 与 yarn.lock 不一致：${place} 要求 ${wanted}`,
    },
    hint: LET_IT_WRITE('yarn', 'yarn.lock'),
  }),
  tooManyLinked: (most: number) => ({
    detail: {
      en: `Links in node_modules lead to more than ${most} files`,
      zh: `node_modules 中的链接指向超过 ${most} 个文件`,
    },
    hint: {
      en: 'Let fewer of the folders depend on each other.',
      zh: '请减少这些文件夹之间的相互依赖。',
    },
  }),
  hashDiffers: (tool: string, differs: string) => ({
    detail: {
      en: `${tool} is not what "packageManager" in package.json has the hash of: ${differs}`,
      zh: `${tool} 与 package.json 中 "packageManager" 的哈希不符：${differs}`,
    },
    hint: {
      en: 'Run corepack use with its name and version, which writes the hash anew.',
      zh: '请用它的名称和版本运行 corepack use，重新写入哈希。',
    },
  }),
  noEntry: (file: string, isHandler: boolean) => ({
    detail: {
      en: `expected ${file}.js or ${file}.ts, at the root or in src, to make a bundle of; found neither`,
      zh: `打包成单个文件需要根目录或 src 中的 ${file}.js 或 ${file}.ts；两者都没有`,
    },
    hint: {
      en: `Name the file in ${isHandler ? 'the handler' : '"main" in package.json'} as it is called, or add it to the source.`,
      zh: `请在${isHandler ? '执行入口' : ' package.json 的 "main" '}中写对文件名，或把该文件加到源代码。`,
    },
  }),
  noEsbuild: (name: string) => ({
    detail: { en: `no ${name} beside esbuild here`, zh: `这里的 esbuild 旁没有 ${name}` },
    hint: {
      en: 'Install Packline with its optional dependencies.',
      zh: '请连同可选依赖一起安装 Packline。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

const ITS_OWN_ERROR: Words = {
  en: 'it answers with an error of its own',
  zh: '它以自身的错误应答',
}

type Say = (stage: string, named: string) => Words

/** What package managers say; `stage`: which of them, `named`: what its own words are about. */
export const INSTALL_SAYS = {
  disagree: (lock: string): Words => ({
    en: `package.json and ${lock || 'its lock file'} do not agree`,
    zh: `package.json 与${lock ? ` ${lock} ` : '其锁文件'}不一致`,
  }),
  unreadableLock: {
    en: 'The lock file can not be read by npm: it is damaged, or of another kind',
    zh: 'npm 无法读取锁文件：它已损坏，或是另一种格式',
  },
  unreadable: (place: string, tool: string, why = ''): Words => ({
    en: `${place} can not be read by ${tool}${why && ` (${why})`}`,
    zh: `${tool} 无法读取 ${place}${why && `（${why}）`}`,
  }),
  otherSettings: {
    en: 'pnpm-lock.yaml was written with other settings, or with a pnpmfile',
    zh: 'pnpm-lock.yaml 是用其他设置或 pnpmfile 生成的',
  },
  notFound: ((stage, named) => ({
    en: `${stage} found no ${named} in the registry`,
    zh: `${stage} 在仓库中没有找到 ${named}`,
  })) satisfies Say,
  notFoundAtAll: (stage: string): Words => ({
    en: `${stage} found no package that is asked for in the registry`,
    zh: `${stage} 在仓库中没有找到所要求的包`,
  }),
  notReached: ((stage, named) => ({
    en: `${stage} could not reach the registry (${named || 'it does not answer'})`,
    zh: `${stage} 无法访问仓库（${named || '没有应答'}）`,
  })) satisfies Say,
  answersWithError: ((stage, named) => {
    const why = named ? { en: named, zh: named } : ITS_OWN_ERROR
    return {
      en: `${stage} could not reach the registry (${why.en})`,
      zh: `${stage} 无法访问仓库（${why.zh}）`,
    }
  }) satisfies Say,
  notLetIn: ((stage, named) => ({
    en: `${stage} was not let in by the registry${named && ` (${named})`}`,
    zh: `仓库拒绝了 ${stage}${named && `（${named}）`}`,
  })) satisfies Say,
  noSpace: (stage: string): Words => ({
    en: `${stage} found no disk space left`,
    zh: `${stage} 没有剩余的磁盘空间`,
  }),
  badName: ((_stage, named) => ({
    en: `package.json names a dependency that can not be (${named})`,
    zh: `package.json 中有不成立的依赖（${named}）`,
  })) satisfies Say,
  differs: ((_stage, named) => ({
    en: `A dependency's content is not what the lock file says (${named})`,
    zh: `某个依赖的内容与锁文件不符（${named}）`,
  })) satisfies Say,
  conflict: {
    en: 'Dependencies in package.json ask for versions that do not go together',
    zh: 'package.json 中的依赖要求的版本互相冲突',
  },
  fromGit: ((_stage, named) => ({
    en: `A dependency lies in a git repository (${named})`,
    zh: `某个依赖在 git 仓库中（${named}）`,
  })) satisfies Say,
}

/** How what package managers say is mended. */
export const INSTALL_HINTS = {
  npmLock: {
    en: 'Run npm install and hand in the lock file that it writes.',
    zh: '请运行 npm install，并提交它写出的锁文件。',
  },
  pnpmLock: LET_IT_WRITE('pnpm', 'pnpm-lock.yaml'),
  pnpmSettings: {
    en: `${LET_IT_WRITE('pnpm', 'pnpm-lock.yaml').en} A pnpmfile is run where build.installScripts is true.`,
    zh: `${LET_IT_WRITE('pnpm', 'pnpm-lock.yaml').zh}build.installScripts 为 true 时才会运行 pnpmfile。`,
  },
  yarnLock: LET_IT_WRITE('yarn', 'yarn.lock'),
  version: {
    en: 'Look at its version in package.json.',
    zh: '请检查 package.json 中它的版本。',
  },
  name: {
    en: 'Look at its name and version in package.json.',
    zh: '请检查 package.json 中它的名称和版本。',
  },
  /** Yarn 1 does not tell what is missing from what a token is missing for. */
  nameOrToken: {
    en: 'Look at its name and version in package.json; a private one needs a token in the worker’s settings.',
    zh: '请检查 package.json 中它的名称和版本；私有的包需要工作节点设置中的令牌。',
  },
  token: {
    en: 'A private registry needs a token in the worker’s configuration of registries.',
    zh: '私有仓库需要在工作节点的仓库配置中给出令牌。',
  },
  disk: {
    en: 'Give the worker more disk, or leave out dependencies that the function does not need.',
    zh: '请给工作节点更多磁盘，或去掉函数不需要的依赖。',
  },
  output: {
    en: 'The output has the name and what npm takes.',
    zh: '输出中有它的名称，以及 npm 接受的形式。',
  },
  relock: (tool: string): Words => ({
    en: `Remove its entry from the lock file and run ${tool} install again.`,
    zh: `请从锁文件中删除它的条目，再运行 ${tool} install。`,
  }),
  peers: {
    en: 'Mend the versions, or put "legacy-peer-deps=true" into .npmrc.',
    zh: '请修正版本，或在 .npmrc 中写入 "legacy-peer-deps=true"。',
  },
  publish: {
    en: 'Only registries are reached: publish it there, or put it into the source as "file:".',
    zh: '只能访问仓库：请发布到仓库，或放进源代码并以 "file:" 引用。',
  },
  again: {
    en: 'Try again in a while; where it stays away, look at PACKLINE_REGISTRIES.',
    zh: '请稍后重试；若一直不可用，请检查 PACKLINE_REGISTRIES。',
  },
}
