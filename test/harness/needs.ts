import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'vitest'

interface Need {
  title: string
  isThere: () => boolean
  /** Debian's package, or whatever else brings it. */
  install: string
  /** Never demanded, not even by CI: a machine of ours may well lack it. */
  isOptional?: boolean
}

const runs = (program: string, ...args: string[]) => {
  const { status } = spawnSync(program, args, { stdio: 'ignore', timeout: 30_000 })
  return status === 0
}
/** On the PATH, or under pyenv, whose shims start only those that are chosen. */
const hasPython = (minor: string) => {
  const folder = join(homedir(), '.pyenv/versions')
  const versions = existsSync(folder) ? readdirSync(folder) : []
  return runs(`python${minor}`, '-c', '') || versions.some((one) => one.startsWith(`${minor}.`))
}
/** As the engine finds them: in the system's folder, whatever PATH says. */
const hasJdk = (oldest: number) => {
  const folder = '/usr/lib/jvm'
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.some((name) => {
    const file = `${folder}/${name}/release`
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    return Number(/^JAVA_VERSION="(\d+)/m.exec(text)?.[1] ?? 0) >= oldest
  })
}
const isSet = (name: string) => Boolean(process.env[name])

/** All that a test may ask for. */
export const NEEDS = {
  npm: { title: 'npm', isThere: () => runs('npm', '--version'), install: 'nodejs' },
  python: { title: 'Python', isThere: () => runs('python3', '-c', ''), install: 'python3' },
  pip: {
    title: 'pip',
    isThere: () => runs('python3', '-m', 'pip', '--version'),
    install: 'python3-pip',
  },
  python310: {
    title: 'Python 3.10',
    isThere: () => hasPython('3.10'),
    install: 'pyenv install 3.10',
    isOptional: true,
  },
  uv: { title: 'uv', isThere: () => runs('uv', '--version'), install: 'uv', isOptional: true },
  java: { title: 'JDK', isThere: () => runs('javac', '-version'), install: 'openjdk-17-jdk' },
  java21: {
    title: 'JDK 21 or newer',
    isThere: () => hasJdk(21),
    install: 'openjdk-21-jdk',
    isOptional: true,
  },
  gradle: { title: 'Gradle', isThere: () => runs('gradle', '--version'), install: 'gradle' },
  maven: { title: 'Maven', isThere: () => runs('mvn', '--version'), install: 'maven' },
  go: { title: 'Go', isThere: () => runs('go', 'version'), install: 'golang' },
  compiler: { title: 'C compiler', isThere: () => runs('cc', '--version'), install: 'gcc' },
  crossCompiler: {
    title: 'C compiler for the other architecture',
    isThere: () =>
      runs(`${process.arch === 'arm64' ? 'x86_64' : 'aarch64'}-linux-gnu-gcc`, '--version'),
    install: process.arch === 'arm64' ? 'gcc-x86-64-linux-gnu' : 'gcc-aarch64-linux-gnu',
  },
  // Where it is not there it is fetched by pip: harness/zig.ts.
  zig: {
    title: 'zig',
    isThere: () => runs('zig', 'version') || runs('python3', '-m', 'pip', '--version'),
    install: 'python3-pip',
  },
  make: { title: 'make', isThere: () => runs('make', '--version'), install: 'make' },
  ssh: { title: 'ssh', isThere: () => runs('ssh', '-V'), install: 'openssh-client' },
  git: { title: 'git', isThere: () => runs('git', '--version'), install: 'git' },
  curl: { title: 'curl', isThere: () => runs('curl', '--version'), install: 'curl' },
  openssl: { title: 'OpenSSL', isThere: () => runs('openssl', 'version'), install: 'openssl' },
  bash: { title: 'bash', isThere: () => runs('bash', '--version'), install: 'bash' },
  zsh: { title: 'zsh', isThere: () => runs('zsh', '--version'), install: 'zsh' },
  fish: { title: 'fish', isThere: () => runs('fish', '--version'), install: 'fish' },
  terminal: {
    title: 'script of util-linux, which makes terminals',
    isThere: () => runs('script', '--version'),
    install: 'bsdutils',
  },
  unzip: { title: 'Info-ZIP', isThere: () => runs('unzip', '-v'), install: 'unzip' },
  sevenZip: {
    title: '7-Zip',
    isThere: () => runs('7zz', 'i') || runs('7z', 'i'),
    install: '7zip',
  },
  zip: { title: 'zip', isThere: () => runs('zip', '-v'), install: 'zip', isOptional: true },
  redis: {
    title: 'Redis',
    isThere: () => isSet('PACKLINE_TEST_REDIS_URL'),
    install: 'run by npm test',
  },
  redisServer: {
    title: 'Redis server program',
    isThere: () => isSet('PACKLINE_TEST_REDIS'),
    install: 'redis-server',
  },
  store: {
    title: 'MinIO',
    isThere: () => isSet('PACKLINE_TEST_STORE_URL'),
    install: 'run by npm test',
  },
  minioServer: {
    title: 'MinIO server program',
    isThere: () => isSet('PACKLINE_TEST_MINIO'),
    install: 'run by npm test',
  },
  sandbox: {
    title: 'bubblewrap',
    isThere: () => isSet('PACKLINE_TEST_BWRAP'),
    install: 'bubblewrap',
  },
  engine: {
    title: 'container engine that answers',
    isThere: () => runs('docker', 'info') || runs('podman', 'info'),
    install: 'docker.io or podman',
    isOptional: true,
  },
  docker: {
    title: "docker's engine, which testcontainers asks",
    isThere: () => runs('docker', 'info'),
    install: 'docker.io',
    isOptional: true,
  },
  compose: {
    title: 'docker compose',
    isThere: () => runs('docker', 'compose', 'version'),
    install: 'docker-compose-plugin',
    isOptional: true,
  },
  root: {
    title: 'root',
    isThere: () => process.getuid?.() === 0,
    install: 'run as root',
    isOptional: true,
  },
} satisfies Record<string, Need>

export type NeedName = keyof typeof NEEDS
export const NEED_NAMES = Object.keys(NEEDS) as [NeedName, ...NeedName[]]

const known = new Map<NeedName, boolean>()

/**
 * Skips the test with a reason when this machine lacks one of what it needs; where CI=true, which
 * has all of it, the test fails instead. Call it first: `needs(context, 'maven', 'java')`.
 */
export function needs(context: TestContext, ...names: NeedName[]): void {
  const missing = names.filter((name) => !has(name)).map((name): Need => NEEDS[name])
  if (missing.length === 0) return
  const reason = `no ${missing.map(({ title, install }) => `${title} here (${install})`).join(', no ')}`
  if (isDemanding() && missing.some(({ isOptional }) => !isOptional)) throw new Error(reason)
  context.skip(reason)
}

/** Whether this machine has it, for tests that do one thing or another. */
export function has(name: NeedName): boolean {
  const isThere = known.get(name) ?? NEEDS[name].isThere()
  known.set(name, isThere)
  return isThere
}

/** `npm run check` has only what is there at once, on CI too. */
function isDemanding(): boolean {
  return process.env.CI === 'true' && !isSet('PACKLINE_TEST_QUICK')
}
