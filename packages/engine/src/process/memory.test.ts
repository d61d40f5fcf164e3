import { access, constants, mkdir, rmdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { runTool } from './run.ts'
import { findIsolation } from './sandbox.ts'

/** The memory controller of control groups, version 1 or 2; a limit needs one that is writable. */
async function findController() {
  const places = [
    { folder: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' },
    { folder: '/sys/fs/cgroup', limit: 'memory.max' },
  ]
  for (const place of places) {
    const folder = `${place.folder}/packline-test-${process.pid}`
    try {
      await mkdir(folder)
      await access(`${folder}/${place.limit}`, constants.W_OK)
      return { folder, limit: `${folder}/${place.limit}` }
    } catch {
      // Not this version, or not for us.
      await rmdir(folder).catch(() => undefined)
    }
  }
  return undefined
}

const controller = await findController()

describe('runTool where memory runs out', () => {
  it.skipIf(!controller)('ends with OUT_OF_MEMORY when the kernel killed the tool', async () => {
    const { folder = '', limit = '' } = controller ?? {}
    const run = runTool(await findIsolation({ unsandboxed: true }))
    const eat = 'const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1))'
    const script = `echo 50000000 > ${limit} && echo $$ > ${folder}/cgroup.procs && exec "$0" -e '${eat}'`
    const running = run(
      {
        argv: ['sh', '-c', script, process.execPath],
        cwd: '/',
        env: { PATH: '/usr/bin:/bin' },
        network: 'none',
        binds: [],
      },
      { signal: AbortSignal.timeout(60_000), timeoutMs: 30_000, outputBytesMax: 1e6 },
    )
    await expect(running).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: 'The kernel killed sh: the worker ran out of memory',
    })
    await rmdir(folder)
  })
})
