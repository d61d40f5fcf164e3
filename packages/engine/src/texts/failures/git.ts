import type { FailureWords, Words } from '@packline/shared'

const LOOK_AT_ADDRESS: Words = {
  en: 'Look at the address. A private one needs a credential: PUT /v1/credentials/NAME keeps it.',
  zh: '请检查地址。私有仓库需要凭证：用 PUT /v1/credentials/NAME 保存。',
}

/** Of a source in git; `where`: the repository's address. */
export const gitFailures = {
  noRef: (where: string, ref: string) => ({
    detail:
      ref === 'HEAD'
        ? { en: `${where} has no commit`, zh: `${where} 没有任何提交` }
        : {
            en: `${where} has no branch, tag or commit "${ref}"`,
            zh: `${where} 没有分支、标签或提交 "${ref}"`,
          },
    hint: {
      en: 'Name a branch, a tag, or a commit id in full (40 characters).',
      zh: '请给出分支、标签，或完整的提交标识（40 个字符）。',
    },
  }),
  noRepository: (where: string) => ({
    detail: { en: `There is no repository at ${where}`, zh: `${where} 没有仓库` },
    hint: LOOK_AT_ADDRESS,
  }),
  noLocalRepository: (path: string) => ({
    detail: { en: `There is no repository at ${path}`, zh: `${path} 没有仓库` },
    hint: {
      en: 'Name the folder of the repository on the worker.',
      zh: '请给出工作节点上仓库所在的文件夹。',
    },
  }),
  refuses: (where: string) => ({
    detail: { en: `${where} refuses, or leads elsewhere`, zh: `${where} 拒绝访问，或转到了别处` },
    hint: {
      en: 'Give the address that the repository has now, over https.',
      zh: '请给出仓库现在的 https 地址。',
    },
  }),
  notPublic: (host: string) => ({
    detail: {
      en: `"${host}" is no address of the public internet`,
      zh: `"${host}" 不是公网地址`,
    },
    hint: {
      en: 'Use a public address; the operator can allow others: PACKLINE_OUTBOUND_ALLOW.',
      zh: '请使用公网地址；管理员可以放行其他地址：PACKLINE_OUTBOUND_ALLOW。',
    },
  }),
  unreachable: (host: string, isSilent: boolean) => ({
    detail: isSilent
      ? { en: `${host} did not answer as a git server`, zh: `${host} 没有像 git 服务器那样应答` }
      : { en: `${host} could not be read`, zh: `${host} 无法读取` },
    hint: {
      en: 'The output has what git says. Where the server is only away, try again in a while.',
      zh: 'git 的说明见输出。若只是服务器暂时不可用，请稍后重试。',
    },
  }),
  slow: (host: string, found: Words) => ({
    detail: {
      en: `${host} did not send the commit: ${found.en}`,
      zh: `${host} 没有送来该提交：${found.zh}`,
    },
  }),
  otherHostKey: (host: string) => ({
    detail: {
      en: `${host} does not have the key that the credential's knownHosts say`,
      zh: `${host} 的密钥与凭证的 knownHosts 不符`,
    },
    hint: {
      en: 'Compare its key with what its operator publishes, and keep the credential again.',
      zh: '请与其管理员公布的密钥核对，再重新保存凭证。',
    },
  }),
  keyRefused: (host: string) => ({
    detail: { en: `${host} does not take the deploy key`, zh: `${host} 不接受该部署密钥` },
    hint: {
      en: 'Add its public half to the repository; it must have no passphrase.',
      zh: '请把它的公钥加到仓库；密钥不能带口令。',
    },
  }),
  noSsh: () => ({
    detail: { en: 'The worker has no ssh', zh: '工作节点上没有 ssh' },
    hint: {
      en: 'Install it: apt-get install openssh-client.',
      zh: '请安装：apt-get install openssh-client。',
    },
  }),
  noTransport: () => ({
    detail: {
      en: 'A credential is sent over https and ssh only',
      zh: '凭证只通过 https 和 ssh 发送',
    },
    hint: { en: 'Give the https address of the repository.', zh: '请给出仓库的 https 地址。' },
  }),
  noDeployKey: (host: string) => ({
    detail: { en: `There is no deploy key for ${host}`, zh: `没有用于 ${host} 的部署密钥` },
    hint: {
      en: 'Keep one with PUT /v1/credentials/NAME, kind "git-key"; or give an https address.',
      zh: '请用 PUT /v1/credentials/NAME 保存一个 "git-key" 类型的凭证，或改用 https 地址。',
    },
  }),
  noKnownHosts: (host: string) => ({
    detail: {
      en: `The deploy key for ${host} has no knownHosts: another server could answer in its place`,
      zh: `用于 ${host} 的部署密钥没有 knownHosts：别的服务器可能冒充它应答`,
    },
    hint: {
      en: `Keep it again with the lines that "ssh-keyscan ${host}" prints, once compared.`,
      zh: `请核对 "ssh-keyscan ${host}" 输出的行，再连同它们重新保存。`,
    },
  }),
  hasPassword: () => ({
    detail: {
      en: 'The git address holds a user or password',
      zh: 'git 地址中含有用户名或密码',
    },
    hint: {
      en: 'Take it out of the address: requests are stored and shown.',
      zh: '请从地址中去掉：请求会被保存和显示。',
    },
  }),
  notAllowed: (why: Words) => ({
    detail: {
      en: `The git address may not be read: ${why.en}`,
      zh: `不允许读取该 git 地址：${why.zh}`,
    },
    hint: {
      en: 'Give an address such as https://host/owner/repository.git.',
      zh: '请给出形如 https://host/owner/repository.git 的地址。',
    },
  }),
  badRef: (ref: string) => ({
    detail: { en: `source.ref is ${ref}`, zh: `source.ref 是 ${ref}` },
    hint: {
      en: 'Expected the name of a branch or tag, or a full commit id.',
      zh: '应为分支或标签的名称，或完整的提交标识。',
    },
  }),
  tooLarge: (
    path: string | undefined,
    files: number,
    size: number,
    filesMax: number,
    bytesMax: number,
  ) => ({
    detail: {
      en: `${path === undefined ? 'The commit' : `"${path}"`} has ${files} files of ${size} bytes; at most ${filesMax} files of ${bytesMax} bytes are taken`,
      zh: `${path === undefined ? '该提交' : `"${path}" `}有 ${files} 个文件，共 ${size} 字节；最多接受 ${filesMax} 个文件，共 ${bytesMax} 字节`,
    },
    hint: {
      en: 'Keep what the function does not need outside of source.path, or in another repository.',
      zh: '请把函数不需要的内容放到 source.path 之外，或另一个仓库。',
    },
  }),
  noFolder: (path: string, isFile: boolean, url: string) => ({
    detail: isFile
      ? {
          en: `"${path}" is a file in the commit of ${url}`,
          zh: `${url} 的提交中 "${path}" 是文件`,
        }
      : {
          en: `there is no folder "${path}" in the commit of ${url}`,
          zh: `${url} 的提交中没有文件夹 "${path}"`,
        },
    hint: {
      en: 'source.path is the folder of the function, from the root of the repository.',
      zh: 'source.path 是函数的文件夹，从仓库的根目录算起。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

/** Why an address may not be read. */
export const NOT_READ = {
  noAddress: { en: 'it is no https address', zh: '它不是 https 地址' },
  fragment: { en: 'it has a part after "#"', zh: '它在 "#" 后还有内容' },
  sshForm: {
    en: 'it is not of the form ssh://git@host/path',
    zh: '它不是 ssh://git@host/path 的形式',
  },
  otherProtocol: (protocol: string): Words => ({
    en: `it is read by "${protocol}"; only https and ssh are`,
    zh: `它要用 "${protocol}" 读取；只有 https 和 ssh 可以`,
  }),
  plainHttp: (host: string): Words => ({
    en: `plain http to ${host} is not among what this worker allows`,
    zh: `该工作节点不允许用明文 http 访问 ${host}`,
  }),
  local: {
    en: 'it is a path on the worker, and this worker reads no local repositories',
    zh: '它是工作节点上的路径，而该工作节点不读取本地仓库',
  },
  otherHost: { en: 'it is a file of another host', zh: '它是另一台主机上的文件' },
}
