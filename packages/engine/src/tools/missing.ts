import { failed, type PacklineError, type Words } from '@packline/shared'
import { verbatim } from '../words.ts'

/** What a plan may have to say that the worker lacks. */
export type MissingTool = keyof typeof LACKS

interface Lack {
  title: string
  /** Where it is no name. */
  zh?: string
  apt: string
  brew: string
}

/** Debian's compiler for the other architecture, with its C library. */
const CROSS_PACKAGES =
  process.arch === 'arm64'
    ? 'gcc-x86-64-linux-gnu libc6-dev-amd64-cross'
    : 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross'

const LACKS = {
  npm: { title: 'npm', apt: 'npm', brew: 'node' },
  python: { title: 'Python', apt: 'python3 python3-pip', brew: 'python' },
  pip: { title: 'pip for Python', zh: 'Python 的 pip', apt: 'python3-pip', brew: 'python' },
  venv: { title: 'venv for Python', zh: 'Python 的 venv', apt: 'python3-venv', brew: 'python' },
  uv: { title: 'uv', apt: 'pipx && pipx install uv', brew: 'uv' },
  jdk: { title: 'JDK', apt: 'default-jdk-headless', brew: 'openjdk' },
  maven: { title: 'Maven', apt: 'maven', brew: 'maven' },
  gradle: { title: 'Gradle', apt: 'gradle', brew: 'gradle' },
  go: { title: 'Go', apt: 'golang-go', brew: 'go' },
  cc: { title: 'C compiler', zh: 'C 编译器', apt: 'gcc libc6-dev', brew: 'gcc' },
  crossCc: { title: 'C compiler', zh: 'C 编译器', apt: CROSS_PACKAGES, brew: 'zig' },
  make: { title: 'make', apt: 'make', brew: 'make' },
  git: { title: 'git', apt: 'git', brew: 'git' },
} satisfies Record<string, Lack>

/** In a user's words: "no Maven here" and "apt-get install maven". */
export function missing(
  tool: MissingTool,
  platform: string = process.platform,
): { title: string; what: string; mend: string } {
  const { title, apt, brew } = LACKS[tool]
  const mend = platform === 'darwin' ? `brew install ${brew}` : `apt-get install ${apt}`
  return { title, what: `no ${title} here`, mend }
}

/** What stands behind the name of the tool; `hint` where more than installing it would do. */
interface More {
  detail: Words
  hint?: Words
}

/** The failure of a build that needs the tool. */
export function noTool(tool: MissingTool, more: More = { detail: verbatim('') }): PacklineError {
  const lack: Lack = LACKS[tool]
  const { what, mend } = missing(tool)
  const { detail, hint = { en: mend, zh: `请安装：${mend}` } } = more
  return failed('TOOL_MISSING', {
    detail: { en: `${what}${detail.en}`, zh: `这里没有 ${lack.zh ?? lack.title}${detail.zh}` },
    hint,
  })
}
