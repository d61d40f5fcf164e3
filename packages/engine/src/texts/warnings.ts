import type { BuildEventBody, PacklineError, Words } from '@packline/shared'

/** The event that tells a build's readers what they should know, in both languages. */
export function warning({ en, zh }: Words): BuildEventBody {
  return { type: 'warning', message: en, zh: { message: zh } }
}

/** What did not end a build, and yet may not be what was wanted. */
export const warnings = {
  noDigest: () => ({
    en: 'source.sha256 is null: whatever the address gave at that moment is built.',
    zh: 'source.sha256 为 null：构建的是该地址当时给出的内容。',
  }),
  submodules: () => ({
    en: 'Submodules of the repository are left out.',
    zh: '仓库的子模块未包含在内。',
  }),
  filters: () => ({
    en: 'Filters of .gitattributes are not run: files of Git LFS are only pointers.',
    zh: '不运行 .gitattributes 中的过滤器：Git LFS 的文件只是指针。',
  }),
  otherwise: ({ message, zh }: PacklineError, next: string) => ({
    en: `${message}; going on with ${next}`,
    zh: `${zh?.detail ?? message}；改用 ${next} 继续`,
  }),
  scratchLeft: () => ({
    en: "The build's scratch folder could not be removed.",
    zh: '构建的临时文件夹无法删除。',
  }),
  /** `from`: the last commit that was read; undefined where there is none. */
  missedPushes: (from: string | undefined) => ({
    en: `Earlier pushes were not worked off: what has changed since ${from === undefined ? 'the branch began' : `the commit ${from}`} counts, too.`,
    zh: `此前的推送未处理：自${from === undefined ? '分支开始' : `提交 ${from} `}以来的更改也计算在内。`,
  }),
  commitGone: (commit: string) => ({
    en: `The commit ${commit} is not there any more: every function counts as changed.`,
    zh: `提交 ${commit} 已不存在：所有函数都视为已更改。`,
  }),
} satisfies Record<string, (...found: never[]) => Words>
