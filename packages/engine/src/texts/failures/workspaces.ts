import type { FailureWords } from '@packline/shared'

/** Of a JavaScript workspace, one member of which is packed. */
export const workspaceFailures = {
  noMember: (module: string, folders: readonly string[]) => ({
    detail: {
      en: `build.module is "${module}"; workspaces of package.json: ${folders.join(', ') || 'none'}`,
      zh: `build.module 是 "${module}"；package.json 的 workspaces：${folders.join('、') || '没有'}`,
    },
    hint: {
      en: 'Name the folder of one of them, or list it among the workspaces.',
      zh: '请给出其中一个的文件夹，或把它列入 workspaces。',
    },
  }),
  sibling: (place: string, name: string, folder: string, own: string) => ({
    detail: {
      en: `${place}: "${name}" is ${folder} of the workspace that this is ${own} of; it is not in the source, and the registry’s "${name}" is another package`,
      zh: `${place}："${name}" 是工作区中的 ${folder}，而此处是其中的 ${own}；它不在源代码中，仓库里的 "${name}" 是另一个包`,
    },
    hint: {
      en: `Pack the root of the workspace with build.module "${own}".`,
      zh: `请打包工作区的根目录，并把 build.module 设为 "${own}"。`,
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>
