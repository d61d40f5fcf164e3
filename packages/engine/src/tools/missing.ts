/** What a plan may have to say that the worker lacks. */
export type MissingTool = keyof typeof LACKS

interface Lack {
  title: string
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
  pip: { title: 'pip for Python', apt: 'python3-pip', brew: 'python' },
  venv: { title: 'venv for Python', apt: 'python3-venv', brew: 'python' },
  uv: { title: 'uv', apt: 'pipx && pipx install uv', brew: 'uv' },
  jdk: { title: 'JDK', apt: 'default-jdk-headless', brew: 'openjdk' },
  maven: { title: 'Maven', apt: 'maven', brew: 'maven' },
  gradle: { title: 'Gradle', apt: 'gradle', brew: 'gradle' },
  go: { title: 'Go', apt: 'golang-go', brew: 'go' },
  cc: { title: 'C compiler', apt: 'gcc libc6-dev', brew: 'gcc' },
  crossCc: { title: 'C compiler', apt: CROSS_PACKAGES, brew: 'zig' },
  make: { title: 'make', apt: 'make', brew: 'make' },
  git: { title: 'git', apt: 'git', brew: 'git' },
} satisfies Record<string, Lack>

/** In a user's words: "no Maven here" and "apt-get install maven". */
export function missing(
  tool: MissingTool,
  platform: string = process.platform,
): { what: string; mend: string } {
  const { title, apt, brew } = LACKS[tool]
  const mend = platform === 'darwin' ? `brew install ${brew}` : `apt-get install ${apt}`
  return { what: `no ${title} here`, mend }
}
