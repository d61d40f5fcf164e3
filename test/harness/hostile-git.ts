import { execFileSync } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { commitFiles, git, makeRepository } from './git-server.ts'

/** Where a case may make its repository; what gets through makes `trap`. */
export interface Place {
  folder: string
  trap: string
  /** Serves the repositories below the folder, as git hosts do. */
  url: string
}

interface Spec {
  url: string
  ref?: string
  path?: string
}

/** `files`: what is built of it where it is harmless; undefined: it is refused. */
export interface HostileGit {
  title: string
  spec(place: Place): Spec | Promise<Spec>
  files?: readonly string[]
  mayBeRefused?: boolean
}

const address = (title: string, url: (place: Place) => string): HostileGit => ({
  title: `the address is ${title}`,
  spec: (place) => ({ url: url(place) }),
})

const ADDRESSES: HostileGit[] = [
  address('a command for the transport ext', ({ trap }) => `ext::sh -c touch% ${trap}`),
  address('the same in capitals', ({ trap }) => `EXT::sh -c touch% ${trap}`),
  address('the same as a helper of a helper', ({ trap }) => `remote-ext::sh -c touch% ${trap}`),
  address('a descriptor of the worker', () => 'fd::17/foo'),
  address('the option --upload-pack', ({ trap }) => `--upload-pack=touch ${trap}`),
  address('the option -u', ({ trap }) => `-utouch ${trap}`),
  address('a host that is an option of ssh', ({ trap }) => `ssh://-oProxyCommand=touch ${trap}/a`),
  address('a user that is one', ({ trap }) => `ssh://-oProxyCommand=touch+${trap}@host.example/a`),
  address('its short form', ({ trap }) => `-oProxyCommand=touch ${trap}:a`),
  address('its short form with a user', ({ trap }) => `git@-oProxyCommand=touch ${trap}:a`),
  address('two lines, one for another host', () => 'https://host.example/a\nhost=other.example'),
  address('encoded lines', ({ url }) => `${url}/%0ahost=other.example/a.git`),
  address('a helper by its name', ({ url }) => `http::${url}/app/.git`),
  address("git's own protocol, without a check", () => 'git://127.0.0.1/a.git'),
  address('a file of the worker', () => 'file:///etc'),
  address('a bundle', ({ folder }) => `${folder}/evil.bundle`),
]

const ref = (ref: (trap: string) => string): HostileGit => ({
  title: `the ref is ${ref('TRAP')}`,
  spec: async (place) => ({ url: await plain(place), ref: ref(place.trap) }),
})

const REFS: HostileGit[] = [
  ref((trap) => `--upload-pack=touch ${trap}`),
  ref((trap) => `--upload-pack=${trap}`),
  ref((trap) => `--output=${trap}`),
  ref(() => '-x'),
  ref(() => 'main:refs/heads/other'),
  ref(() => '+refs/heads/*:refs/heads/*'),
  ref(() => '^main'),
  ref(() => 'main@{upstream}'),
  ref(() => 'refs/heads/../../HEAD'),
  ref((trap) => `main\n--upload-pack=touch ${trap}`),
]

const path = (path: string): HostileGit => ({
  title: `the path is ${path}`,
  spec: async (place) => ({ url: await plain(place), path }),
})

const PATHS = ['../..', '/etc', '.git/hooks', '--help', ':(top)*', '!**'].map(path)

/** A repository over http whose own settings, hooks and files are traps. */
interface Content {
  files?: Record<string, string>
  make?(repository: string, trap: string): unknown
  /** Taken as a folder of the worker's, where its own settings are near. */
  isLocal?: boolean
  mayBeRefused?: boolean
}

function content(title: string, what: Content, files?: readonly string[]): HostileGit {
  const spec = async ({ folder, trap, url }: Place) => {
    const repository = join(folder, 'evil')
    await makeRepository(repository, { bootstrap: '#!/bin/sh\n', ...what.files })
    await what.make?.(repository, trap)
    return { url: what.isLocal ? repository : `${url}/evil/.git` }
  }
  const { mayBeRefused } = what
  return { title: `the repository has ${title}`, spec, files, mayBeRefused }
}

const setting = (name: string, value: (trap: string) => string) =>
  content(
    `the setting ${name}`,
    { isLocal: true, make: (repository, trap) => git(repository, 'config', name, value(trap)) },
    ['bootstrap'],
  )

const SETTINGS = [
  setting('core.fsmonitor', (trap) => `touch ${trap}`),
  setting('core.sshCommand', (trap) => `touch ${trap}`),
  setting('core.gitProxy', (trap) => `touch ${trap}`),
  setting('core.editor', (trap) => `touch ${trap}`),
  setting('credential.helper', (trap) => `!touch ${trap}`),
  setting('uploadpack.packObjectsHook', (trap) => `touch ${trap}`),
  setting('core.alternateRefsCommand', (trap) => `touch ${trap}`),
  setting('filter.trap.smudge', (trap) => `touch ${trap}`),
  setting('init.templateDir', (trap) => trap),
]

const CONTENTS = [
  content(
    'hooks',
    {
      isLocal: true,
      make: async (repository, trap) => {
        const names = ['post-checkout', 'post-merge', 'reference-transaction', 'post-index-change']
        const script = `#!/bin/sh\ntouch ${trap}\n`
        for (const name of names) {
          await writeFile(join(repository, '.git/hooks', name), script, { mode: 0o755 })
        }
      },
    },
    ['bootstrap'],
  ),
  content(
    'filters',
    {
      files: { '.gitattributes': '*.txt filter=trap diff=trap merge=trap\n', 'a.txt': 'a\n' },
      make: (repository, trap) => git(repository, 'config', 'filter.trap.smudge', `touch ${trap}`),
    },
    ['a.txt', 'bootstrap'],
  ),
  content(
    'files of Git LFS',
    {
      files: { '.gitattributes': '*.bin filter=lfs\n', 'a.bin': 'version\n', '.lfsconfig': LFS() },
    },
    ['.lfsconfig', 'a.bin', 'bootstrap'],
  ),
  content(
    'a submodule that is a command',
    { files: { '.gitmodules': SUBMODULE('ext::sh -c x') } },
    ['bootstrap'],
  ),
  content(
    'a submodule that is an option',
    { files: { '.gitmodules': SUBMODULE('-u./bootstrap') } },
    ['bootstrap'],
  ),
  content('a submodule that is there', { make: addSubmodule }, ['bootstrap']),
  content('a file in .git', { make: (at, trap) => tree(at, '.git', hook(trap)) }),
  content('a file in .GIT', { make: (at, trap) => tree(at, '.GIT', hook(trap)) }),
  content('a file in git~1', { make: (at, trap) => tree(at, 'git~1', hook(trap)) }),
  content('a file in a .git with a hidden character', {
    make: (at, trap) => tree(at, '.g\u200cit', hook(trap)),
  }),
  content('a folder with the name ..', { make: (at, trap) => tree(at, '..', hook(trap)) }),
  // git takes the second for the first, or neither.
  content('a file below a link', { make: linked, mayBeRefused: true }, ['a/trapped', 'bootstrap']),
  content('a link out', { make: (at) => link(at, '/etc/passwd') }),
  content('a link upwards', { make: (at) => link(at, '../../../../etc/passwd') }),
  content('.gitattributes that are a link', { make: attributesLink }, ['bootstrap']),
  content('a name with a line end', { files: { 'a\nb': '' } }),
  content('a name with a backslash', { files: { 'a\\b': '' } }),
  content('names that differ by case alone', { files: { 'a.js': '', 'A.js': '' } }),
  content('a name that is an option', { files: { '-rf': '', '--help': '' } }, [
    '--help',
    '-rf',
    'bootstrap',
  ]),
  content(
    'objects elsewhere',
    {
      make: async (repository) => {
        const alternates = join(repository, '.git/objects/info/alternates')
        await writeFile(alternates, '/etc\n../../../../etc\n')
      },
    },
    ['bootstrap'],
  ),
]

export const HOSTILE_GIT: readonly HostileGit[] = [
  ...ADDRESSES,
  ...REFS,
  ...PATHS,
  ...SETTINGS,
  ...CONTENTS,
]

async function plain({ folder, url }: Place): Promise<string> {
  await makeRepository(join(folder, 'plain'), { bootstrap: '#!/bin/sh\n' })
  return `${url}/plain/.git`
}

function SUBMODULE(url: string): string {
  return `[submodule "x"]\n\tpath = x\n\turl = ${url}\n\tupdate = !touch trapped\n`
}

function LFS(): string {
  return '[lfs]\n\turl = http://169.254.169.254/\n'
}

function addSubmodule(repository: string): void {
  const [name, commit] = ['x', git(repository, 'rev-parse', 'HEAD')]
  writeTree(repository, [`160000 commit ${commit}\t${name}`])
}

function hook(trap: string): string {
  return `#!/bin/sh\ntouch ${trap}\n`
}

/** hooks/post-checkout below a folder of that name, as no git would add it. */
function tree(repository: string, name: string, text: string): void {
  const blob = write(repository, 'blob', Buffer.from(text))
  const hooks = write(repository, 'tree', entry('100755', 'post-checkout', blob))
  const folder = write(repository, 'tree', entry('40000', 'hooks', hooks))
  commitRaw(repository, [entry('40000', name, folder)])
}

/** One name twice: first a link out, then a folder with a file. */
function linked(repository: string, trap: string): void {
  const target = write(repository, 'blob', Buffer.from(join(trap, '..')))
  const blob = write(repository, 'blob', Buffer.from('x'))
  const folder = write(repository, 'tree', entry('100644', trap.split('/').at(-1) ?? '', blob))
  commitRaw(repository, [entry('120000', 'a', target), entry('40000', 'a', folder)])
}

async function link(repository: string, target: string, name = 'link'): Promise<void> {
  await symlink(target, join(repository, name))
  await commitFiles(repository, {})
}

function attributesLink(repository: string): Promise<void> {
  return link(repository, '/etc/passwd', '.gitattributes')
}

function entry(mode: string, name: string, id: string): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')])
}

function write(repository: string, type: string, bytes: Buffer): string {
  const argv = ['hash-object', '-t', type, '-w', '--literally', '--stdin']
  return execFileSync('git', argv, { cwd: repository, input: bytes, encoding: 'utf8' }).trim()
}

function writeTree(repository: string, lines: string[]): void {
  const own = git(repository, 'ls-tree', 'HEAD')
  const input = [own, ...lines, ''].join('\n')
  const id = execFileSync('git', ['mktree'], { cwd: repository, input, encoding: 'utf8' }).trim()
  point(repository, id)
}

/** On main, beside its bootstrap; entries in the order that git wants need not be given. */
function commitRaw(repository: string, entries: Buffer[]): void {
  const bootstrap = entry('100755', 'bootstrap', git(repository, 'rev-parse', 'HEAD:bootstrap'))
  point(repository, write(repository, 'tree', Buffer.concat([...entries, bootstrap])))
}

function point(repository: string, tree: string): void {
  const commit = git(repository, 'commit-tree', '-m', 'evil', tree)
  git(repository, 'update-ref', 'refs/heads/main', commit)
}

/** What a template of the machine's own would bring into every repository. */
export async function makeTemplate(folder: string, trap: string): Promise<void> {
  await mkdir(join(folder, 'hooks'), { recursive: true })
  await writeFile(join(folder, 'hooks/post-checkout'), hook(trap), { mode: 0o755 })
}
