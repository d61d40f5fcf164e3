import type { FailureWords, Words } from '@packline/shared'

/** Of the files in which a Python project says what it needs; each stands behind its place. */
export const pythonManifestFailures = {
  /** `said` is the parser's own sentence. */
  notToml: (said: string | undefined) => ({
    detail: { en: said ?? 'it is no TOML', zh: said ?? '它不是 TOML' },
    hint: {
      en: 'Mend the line; it has to be TOML 1.0.',
      zh: '请修正该行；它必须是 TOML 1.0。',
    },
  }),
  notJson: (hint: Words) => ({
    detail: { en: 'it is no JSON object', zh: '它不是 JSON 对象' },
    hint,
  }),
  notLocked: (wanted: string, lock: string, has: string, hint: Words) => ({
    detail: {
      en: `it asks for ${wanted}, and ${lock} has ${has || 'no such package'}`,
      zh: `它要求 ${wanted}，而 ${lock} 中${has ? `是 ${has}` : '没有这个包'}`,
    },
    hint,
  }),
  noVersion: (name: string, hint: Words) => ({
    detail: { en: `${name} has no version`, zh: `${name} 没有版本` },
    hint,
  }),
  madeForOther: (wanted: string, minor: string | undefined) => ({
    detail: {
      en: `it was made for Python ${wanted}; the function runs on ${minor}`,
      zh: `它是为 Python ${wanted} 生成的；函数运行在 ${minor} 上`,
    },
    hint: {
      en: `Ask for version ${wanted}, or set python_version in the Pipfile to ${minor} and lock again.`,
      zh: `请要求版本 ${wanted}，或把 Pipfile 中的 python_version 设为 ${minor} 并重新锁定。`,
    },
  }),
  forOther: (wanted: string, minor: string | undefined, field: string) => ({
    detail: {
      en: `it is for Python ${wanted}; the function runs on ${minor}`,
      zh: `它用于 Python ${wanted}；函数运行在 ${minor} 上`,
    },
    hint: {
      en: `Ask for a version that it is for, or widen ${field} in pyproject.toml and lock again.`,
      zh: `请要求它适用的版本，或放宽 pyproject.toml 中的 ${field} 并重新锁定。`,
    },
  }),
  projectForOther: (wanted: readonly string[], minor: string) => ({
    detail: {
      en: `the project is for Python ${wanted.join(' or ')}; the function runs on ${minor}`,
      zh: `该项目用于 Python ${wanted.join(' 或 ')}；函数运行在 ${minor} 上`,
    },
    hint: {
      en: 'Ask for a version that it is for, or change the range.',
      zh: '请要求它适用的版本，或修改范围。',
    },
  }),
  fromElsewhere: (name: string) => ({
    detail: {
      en: `${name} comes from elsewhere than a registry`,
      zh: `${name} 不是来自仓库`,
    },
    hint: {
      en: 'Lock it (uv lock, poetry lock) and hand the lock file in, too.',
      zh: '请锁定它（uv lock、poetry lock）并一并提交锁文件。',
    },
  }),
  alternatives: (name: string) => ({
    detail: {
      en: `${name} has alternatives (||), which only Poetry can choose from`,
      zh: `${name} 有多种选择（||），只有 Poetry 能从中选择`,
    },
    hint: {
      en: 'Hand in poetry.lock, or give one range.',
      zh: '请提交 poetry.lock，或只给一个范围。',
    },
  }),
  noList: () => ({
    detail: {
      en: '"dependencies" of [project] is no list of texts',
      zh: '[project] 的 "dependencies" 不是文本列表',
    },
    hint: {
      en: 'Write it as dependencies = ["requests==2.32.3", "redis"].',
      zh: '请写成 dependencies = ["requests==2.32.3", "redis"]。',
    },
  }),
  noRequirement: (said: string, isInList: boolean) => ({
    detail: { en: `"${said}" is no requirement`, zh: `"${said}" 不是依赖声明` },
    hint: isInList
      ? {
          en: 'One requirement in a text, such as "requests==2.32.3".',
          zh: '每个文本一个依赖，例如 "requests==2.32.3"。',
        }
      : {
          en: 'One requirement in a line, such as requests==2.32.3.',
          zh: '每行一个依赖，例如 requests==2.32.3。',
        },
  }),
  noSetting: (word: string, known: readonly string[]) => ({
    detail: {
      en: `"${word}" is no setting that is taken here, or has no value`,
      zh: `"${word}" 不是这里接受的设置，或缺少值`,
    },
    hint: {
      en: `Write names in full, such as ${known.join(', ')}; -r, -c and -e on lines of their own.`,
      zh: `请写出完整的名称，例如 ${known.join('、')}；-r、-c 和 -e 请单独成行。`,
    },
  }),
  notOneLine: (said: string) => ({
    detail: {
      en: `"${said}" is no single requirement: it has a line break or an option in it`,
      zh: `"${said}" 不是单个依赖声明：其中含有换行或选项`,
    },
    hint: {
      en: 'Take what does not belong to the name, version or address out, or lock again.',
      zh: '请去掉不属于名称、版本或地址的内容，或重新锁定。',
    },
  }),
  otherFormat: (found: string, expected: number, renew: string) => ({
    detail: {
      en: `it has the format version ${found}; expected ${expected}`,
      zh: `它的格式版本是 ${found}；应为 ${expected}`,
    },
    hint: { en: `Make it anew with "${renew}".`, zh: `请用 "${renew}" 重新生成。` },
  }),
  noLocal: (path: string) => ({
    detail: { en: `the source has no "${path}"`, zh: `源代码中没有 "${path}"` },
    hint: {
      en: 'Put it into the source, and name it by its path from there.',
      zh: '请把它放进源代码，并用从那里算起的路径引用。',
    },
  }),
  noIncluded: (name: string, path: string) => ({
    detail: {
      en: `it includes "${name}", and the source has no ${path}`,
      zh: `它引入 "${name}"，而源代码中没有 ${path}`,
    },
    hint: {
      en: 'Put the file into the source, or take the line out.',
      zh: '请把该文件放进源代码，或去掉这一行。',
    },
  }),
  includesItself: (name: string) => ({
    detail: {
      en: `it includes "${name}", which includes it`,
      zh: `它引入 "${name}"，而后者又引入它`,
    },
    hint: { en: 'Take one of the two out.', zh: '请去掉其中一个。' },
  }),
  fromGit: (what: string) => ({
    detail: {
      en: `${what} comes from a version control server; only package registries are reached here`,
      zh: `${what} 来自版本控制服务器；这里只能访问软件包仓库`,
    },
    hint: {
      en: 'Take a released version, or put a wheel of it into the source and name its path.',
      zh: '请使用已发布的版本，或把它的 wheel 放进源代码并写明路径。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

export const LOCK_HINTS = {
  pipenv: {
    en: 'Run "pipenv lock" and hand in both files.',
    zh: '请运行 "pipenv lock" 并一并提交两个文件。',
  },
  isOlder: (lock: string, renew: string): Words => ({
    en: `${lock} is older than the manifest: run "${renew}" and hand in both.`,
    zh: `${lock} 比清单旧：请运行 "${renew}" 并一并提交。`,
  }),
}
