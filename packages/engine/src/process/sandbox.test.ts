import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bind, ToolCommand } from './command.ts'
import type { FenceForm, Isolation } from './isolation.ts'
import { runTool } from './run.ts'
import { findIsolation } from './sandbox.ts'

const isRoot = process.getuid?.() === 0
const found = await findIsolation({ bwrap: process.env.PACKLINE_TEST_BWRAP })
const ENV = { PATH: '/usr/sbin:/usr/bin:/bin', LC_ALL: 'C.UTF-8' }

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-sandbox-'))
})
afterAll(() => rm(folder, { recursive: true }))

function inForm(form: FenceForm): Isolation {
  if (!found.fence) throw new Error(`these tests need a sandbox: ${found.description}`)
  const disableUserns = form !== 'mounts-first'
  return { ...found, fence: { ...found.fence, form, disableUserns } }
}

function shIn(isolation: Isolation, script: string, more: Partial<ToolCommand> = {}) {
  const binds: Bind[] = [{ from: folder, to: '/build', writable: true }]
  return runTool(isolation)(
    { argv: ['sh', '-c', script], cwd: '/', env: ENV, network: 'none', binds, ...more },
    { signal: AbortSignal.timeout(60_000), timeoutMs: 30_000, outputBytesMax: 1e6 },
  )
}

const FORMS: FenceForm[] = isRoot ? ['mounts-first', 'user-first'] : ['own-user']

describe.each(FORMS)('the sandbox, %s', (form) => {
  const isolation = inForm(form)
  const sh = (script: string, more: Partial<ToolCommand> = {}) => shIn(isolation, script, more)

  it('shows nothing of the worker but the system and the binds', async () => {
    const { stdout } = await sh('ls -A / /etc /build /tmp /dev/shm')
    const names = new Set(stdout.split(/\s+/))
    for (const name of ['home', 'var', 'run', 'mnt', 'srv', 'sys', 'shadow', 'machine-id']) {
      expect(names).not.toContain(name)
    }
    expect(names).toContain('usr')
    const { stdout: read } = await sh(`cat '${import.meta.filename}' /etc/shadow; true`)
    expect(read).toBe('')
  })

  it('names no user of this machine and has localhost as its only host', async () => {
    const { stdout } = await sh(
      'id -un; hostname; cut -d: -f1 /etc/passwd | sort -u; cat /etc/hosts',
    )
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      'packline',
      'localhost',
      'nobody',
      'packline',
      'root',
    ])
    expect(stdout).not.toContain((await readFile('/etc/hostname', 'utf8')).trim())
  })

  it('lets nothing be written but the build folder, /tmp and /dev/shm', async () => {
    const places = ['/', '/usr', '/etc', '/dev', '/proc', '/build', '/tmp', '/dev/shm']
    const { stdout } = await sh(
      `for place in ${places.join(' ')}; do (echo x > $place/new) 2>/dev/null && echo $place; done`,
    )
    expect(stdout.trim().split('\n')).toEqual(['/build', '/tmp', '/dev/shm'])
    expect(await readFile(join(folder, 'new'), 'utf8')).toBe('x\n')
    await rm(join(folder, 'new'))
  })

  it('keeps a bind read-only unless it says writable', async () => {
    await writeFile(join(folder, 'kept'), 'as it was')
    const binds = [{ from: folder, to: '/opt/function/code' }]
    const script = 'cd /opt/function/code; echo x > kept; rm kept; touch new; cat kept'
    expect((await sh(script, { binds })).stdout).toBe('as it was')
    expect(await readFile(join(folder, 'kept'), 'utf8')).toBe('as it was')
  })

  it('has no privilege and can not get any', async () => {
    const { stdout } = await sh('cat /proc/self/status; ls -l /proc/self/ns')
    expect(/^NoNewPrivs:\s+1$/m.test(stdout)).toBe(true)
    expect(/^Seccomp:\s+2$/m.test(stdout)).toBe(true)
    for (const set of ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb']) {
      expect(stdout).toMatch(new RegExp(`^Cap${set}:\\s+0+$`, 'm'))
    }
    const tries = ['unshare -U true', 'unshare -m true', 'mount -t tmpfs x /tmp', 'chroot / true']
    for (const script of [...tries, 'setpriv --reuid=0 true', 'nsenter -t 1 -m true']) {
      const result = await sh(script)
      expect(result.exitCode, script).not.toBe(0)
    }
  })

  it('opens no socket past its network', async ({ skip }) => {
    const open = 'socket(my $s, $ARGV[0], 1, 0) or print "$!\\n"'
    const { exitCode, stdout } = await sh(
      `for family in 40 38 2; do perl -e '${open}' $family || exit; done`,
    )
    if (exitCode === 127) skip('perl is missing')
    const words = 'Address family not supported by protocol'
    expect(stdout).toBe(`${words}\n${words}\n`)
  })

  it('sees no process but its own', async () => {
    const { stdout } = await sh("cat /proc/[0-9]*/cmdline | tr '\\0' ' '; kill -9 -1; true")
    expect(stdout).not.toContain(process.execPath)
    expect(stdout).toContain('cmdline')
  })

  it('inherits no descriptor', async () => {
    const { stdout } = await sh('cd /proc/self/fd; for fd in *; do readlink $fd; done')
    // Whoever started the tests may have left some open: of those only the number is left.
    const kinds = stdout.split('\n').filter((target) => target !== '' && target !== '/dev/null')
    expect(kinds.map((target) => target.replace(/:.*/, ''))).toEqual(['socket', 'socket'])
  })

  it('keeps the loader variables of a command from the programs around it', async () => {
    const env = { ...ENV, LD_PRELOAD: '/build/none.so', LANGUAGE: 'zh' }
    const { stdout, stderr } = await sh('echo $LD_PRELOAD $LANGUAGE', { env })
    expect(stdout).toBe('/build/none.so zh\n')
    expect(stderr.match(/cannot be preloaded/g)).toHaveLength(1)
  })

  it('reaches this machine by no network, and finds no host of it', async () => {
    let visits = 0
    const server = createServer(() => visits++).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const script = `cat /etc/hosts; exec 3<>/dev/tcp/127.0.0.1/${address.port} && cat <&3`
    const hosts = '127.0.0.1 localhost\n::1 localhost\n'
    for (const network of ['registries', 'source-host', 'none'] as const) {
      const asked = await sh('', { argv: ['bash', '-c', script], network })
      expect(asked).toMatchObject({ stdout: hosts, exitCode: 1 })
    }
    expect(visits).toBe(0)
    server.close()
    await once(server, 'close')
  })

  it('bounds /tmp and the size of a file', async () => {
    const fill = 'head -c 2000000 /dev/zero > /tmp/full; stat -c %s /tmp/full'
    expect((await sh(fill, { tmpBytesMax: 1_000_000 })).stdout.trim()).toBe('1003520')
    expect((await sh(fill)).stdout.trim()).toBe('2000000')
    expect((await sh('ulimit -f; ulimit -c; ulimit -n')).stdout).toBe(`8388608\n0\n8192\n`)
  })
})

const needsRoot = 'only root has users for its builds'

describe('the sandbox of root', () => {
  it('gives each slot its own user, who owns the folder that was prepared', async ({ skip }) => {
    if (!isRoot) skip(needsRoot)
    const isolation = inForm('mounts-first')
    const slots = await Promise.all(
      [1, 2].map(() => isolation.acquireSlot(new AbortController().signal)),
    )
    const outputs = await Promise.all(
      slots.map(async (slot, index) => {
        const own = join(folder, `slot-${index}`)
        await mkdir(own, { mode: 0o700 })
        await writeFile(join(own, 'source'), 'x', { mode: 0o600 })
        await slot.prepareFolder(own)
        const { stdout } = await runTool(isolation)(
          {
            argv: ['sh', '-c', 'cat source; echo y >> source; id -u; stat -c %u source .'],
            cwd: '/build',
            env: ENV,
            network: 'none',
            binds: [{ from: own, to: '/build', writable: true }],
          },
          { signal: AbortSignal.timeout(9000), timeoutMs: 9000, outputBytesMax: 1e6, slot },
        )
        return stdout
      }),
    )
    for (const slot of slots) slot.release()
    expect(outputs).toEqual(slots.map(({ uid }) => `x${uid}\n${uid}\n${uid}\n`))
    expect(new Set(outputs).size).toBe(2)
  })

  it('binds what lies below folders that only root may enter', async ({ skip }) => {
    if (!isRoot) skip(needsRoot)
    const closed = join(folder, 'closed')
    const deep = join(closed, 'deep/build')
    await mkdir(deep, { recursive: true })
    await writeFile(join(deep, 'file'), 'found')
    await chmod(closed, 0o700)
    const binds = [
      { from: deep, to: '/build', writable: true },
      { from: deep, to: deep },
    ]
    const { stdout } = await shIn(found, `cat /build/file '${deep}/file'; ls '${closed}'`, {
      binds,
    })
    expect(stdout).toBe('foundfounddeep\n')
  })

  it('is not entered by a command whose folder was not handed over', async ({ skip }) => {
    if (!isRoot) skip(needsRoot)
    const slot = await found.acquireSlot(new AbortController().signal)
    const own = join(folder, 'not-prepared')
    await mkdir(own)
    const { stdout } = await runTool(found)(
      {
        argv: ['sh', '-c', 'echo x > new || echo refused'],
        cwd: '/build',
        env: ENV,
        network: 'none',
        binds: [{ from: own, to: '/build', writable: true }],
      },
      { signal: AbortSignal.timeout(9000), timeoutMs: 9000, outputBytesMax: 1e6, slot },
    )
    slot.release()
    expect(stdout).toBe('refused\n')
  })
})

describe('findIsolation', () => {
  it('describes the sandbox that it has tried', () => {
    expect(found.kind).toBe('sandbox')
    const users = isRoot ? 'users 61000 to 61063, mounts-first' : 'user namespaces, own-user'
    const limits = '(limits by control groups [12] \\([a-z, ]+\\)|limits by process)'
    expect(found.description).toMatch(
      new RegExp(`^bubblewrap \\d+\\.\\d+\\S*, ${users}, ${limits}$`),
    )
  })

  it('says why there is none', async () => {
    const fake = join(folder, 'old-bwrap')
    await writeFile(fake, '#!/bin/sh\necho "usage: bwrap --seccomp --die-with-parent"\n')
    await chmod(fake, 0o755)
    const broken = join(folder, 'broken-bwrap')
    const help = '--json-status-fd --perms --size --die-with-parent --seccomp'
    const script = `case $1 in --version) echo bubblewrap 9.9;; --help) echo "${help}";;`
    await writeFile(broken, `#!/bin/sh\n${script} *) echo "bwrap: no" >&2; exit 1;; esac\n`)
    await chmod(broken, 0o755)
    const reasons = await Promise.all([
      findIsolation({ unsandboxed: true }),
      findIsolation({ path: folder }),
      findIsolation({ bwrap: join(folder, 'not-there') }),
      findIsolation({ bwrap: fake }),
      findIsolation({ bwrap: broken }),
      findIsolation({ processor: 'riscv64' }),
    ])
    expect(reasons.map(({ kind }) => kind)).toEqual(Array(6).fill('none'))
    const [off, lacking, gone, old, refused, other] = reasons.map(({ description }) => description)
    expect(off).toContain('turned off')
    expect(lacking).toContain('apt-get install bubblewrap')
    expect(gone).toContain('not-there')
    expect(old).toContain('has no --json-status-fd, --perms, --size')
    expect(refused).toBe('no sandbox: bubblewrap 9.9 does not work here: bwrap: no')
    expect(other).toBe('no sandbox: no call filter is known for riscv64 processors')
  })
})
