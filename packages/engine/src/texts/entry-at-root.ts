import type { Words } from '@packline/shared'
import type { Texts } from '../finding.ts'
import { listed } from '../words.ts'

export const entryAtRootTexts = {
  /** A handler that names a folder itself. */
  inFolder: (handler: string, path: string) => ({
    message: {
      en: `the handler "${handler}" names a folder; its file is ${path}, not at the root`,
      zh: `执行入口 "${handler}" 带有文件夹；它的文件是 ${path}，不在根目录`,
    },
    hint: {
      en: 'Move the file to the root and name it there, where the platform looks first.',
      zh: '把文件移到根目录，并在执行入口中写根目录下的名称：平台首先在那里查找。',
    },
  }),
  wrapped: (wrapper: string, entry: string) => ({
    message: {
      en: `everything lies in the folder "${wrapper}"; expected ${entry} at the root, found ${wrapper}/${entry}`,
      zh: `所有内容都在文件夹 "${wrapper}" 里；根目录应有 ${entry}，实际是 ${wrapper}/${entry}`,
    },
    hint: unwrap(wrapper),
  }),
  /** `root`: the files there; `elsewhere`: a file of the name in a folder. */
  missing: (wanted: readonly string[], root: readonly string[], around: Around) => ({
    message: {
      en: `expected ${wanted.join(' or ')} at the root, found ${foundAt(root, around).en}`,
      zh: `根目录应有 ${wanted.join(' 或 ')}，实际${foundAt(root, around).zh}`,
    },
    hint: wanted.includes('bootstrap') ? forStart(around) : forHandler(around),
  }),
} satisfies Texts

/**
 * What stands deeper: the folder that wraps all, a file of the wanted name, and its folder where
 * that is a project of its own, as a workspace has several.
 */
interface Around {
  wrapper: string | undefined
  elsewhere: string | undefined
  project?: string
}

function forHandler({ elsewhere, project }: Around): Words {
  if (project !== undefined) {
    return {
      en: `${elsewhere} has the name, in a project of its own: set build.module to "${project}".`,
      zh: `${elsewhere} 是这个名称，它属于单独的项目：把 build.module 设为 "${project}"。`,
    }
  }
  if (elsewhere !== undefined) {
    return {
      en: `${elsewhere} has the name: move it to the root, or name its folder in the handler.`,
      zh: `${elsewhere} 是这个名称：把它移到根目录，或在执行入口中写明它的文件夹。`,
    }
  }
  return {
    en: 'Name the file in the handler as it is called, or add it to the source.',
    zh: '执行入口要写文件的实际名称，或把该文件加进源代码。',
  }
}

/** Of what the platform starts by its name, whatever the handler says. */
function forStart({ elsewhere }: Around): Words {
  if (elsewhere !== undefined) {
    return {
      en: `${elsewhere} has the name: move it to the root.`,
      zh: `${elsewhere} 是这个名称：把它移到根目录。`,
    }
  }
  return {
    en: 'Add a file of exactly this name, which starts the function.',
    zh: '加上恰好叫这个名称的文件，由它启动函数。',
  }
}

const FILES_SHOWN_MAX = 8

function foundAt(root: readonly string[], { wrapper }: Around): Words {
  const files = listed(root, FILES_SHOWN_MAX)
  if (root.length > 0) return { en: files.en, zh: `是 ${files.zh}` }
  if (wrapper === undefined) return { en: 'no file there', zh: '没有文件' }
  return { en: `only the folder "${wrapper}"`, zh: `只有文件夹 "${wrapper}"` }
}

/** How to mend a package that one folder wraps. */
export function unwrap(wrapper: string): Words {
  return {
    en: `Zip the content of "${wrapper}", not the folder, or set build.unwrap to true.`,
    zh: `压缩 "${wrapper}" 里的内容，而不是文件夹本身；或把 build.unwrap 设为 true。`,
  }
}

/** How to mend a bootstrap that a build was to make. */
export const UNBUILT: Words = {
  en: 'Let the build write bootstrap into $PACKLINE_OUTPUT; for an upload that is yet to be built set source.as to "source".',
  zh: '让构建把 bootstrap 写到 $PACKLINE_OUTPUT；如果上传的内容还需要构建，把 source.as 设为 "source"。',
}
