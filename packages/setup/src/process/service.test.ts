import { spawn } from 'node:child_process'
import { mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { isRunning, until } from '../../../../test/harness/processes.ts'
import { temporaryFolder } from '../../../../test/harness/temporary-folder.ts'
import { type ServiceSpec, startService } from './service.ts'

function shell(script: string, more: Partial<ServiceSpec> = {}): ServiceSpec {
  const folder = temporaryFolder()
  return {
    name: 'Trial',
    argv: ['/bin/sh', '-c', script],
    cwd: folder,
    env: { PATH: '/usr/bin:/bin' },
    logFile: path.join(folder, 'log', 'trial.log'),
    isReady: async () => true,
    readyMsMax: 5000,
    graceMs: 5000,
    ...more,
  }
}

describe('startService', () => {
  test('waits until the service says that it is ready', async () => {
    const spec = shell('sleep 0.2; echo up; exec sleep 60')
    spec.isReady = async () => (await readFile(spec.logFile, 'utf8')).includes('up')
    const service = await startService(spec)
    expect(isRunning(service.pid)).toBe(true)
    await service.stop()
    expect(isRunning(service.pid)).toBe(false)
  })

  test('hands over the environment it was given and nothing else', async () => {
    const spec = shell('env; exec sleep 60', { env: { ONLY: 'this' } })
    spec.argv = ['/bin/sh', '-c', '/usr/bin/env; exec /bin/sleep 60']
    spec.isReady = async () => (await readFile(spec.logFile, 'utf8')).includes('ONLY=this')
    const service = await startService(spec)
    await service.stop()
    expect(await readFile(spec.logFile, 'utf8')).not.toMatch(/HOME=|PACKLINE/)
  })

  test('begins a new log where the old one has grown large, and keeps that one beside it', async () => {
    const spec = shell('echo new; exec sleep 60')
    spec.isReady = async () => (await readFile(spec.logFile, 'utf8')).includes('new')
    await mkdir(path.dirname(spec.logFile))
    await writeFile(spec.logFile, 'old\n')
    await (await startService(spec)).stop()
    expect(await readFile(spec.logFile, 'utf8')).toBe('old\nnew\n')
    await truncate(spec.logFile, 16 * 1024 ** 2 + 1)
    await (await startService(spec)).stop()
    expect(await readFile(spec.logFile, 'utf8')).toBe('new\n')
    expect((await stat(`${spec.logFile}.1`)).size).toBe(16 * 1024 ** 2 + 1)
  })

  test('fails with the last line of its log when it ends at once', async () => {
    const spec = shell('echo "port is in use" >&2; exit 3', { isReady: async () => false })
    await expect(startService(spec)).rejects.toThrow('Trial ended at once: port is in use')
  })

  test('fails and leaves nothing running when it does not get ready in time', async () => {
    const spec = shell('echo $$; exec sleep 60', { isReady: async () => false, readyMsMax: 300 })
    await expect(startService(spec)).rejects.toThrow(/not ready after 0.3 s/)
    expect(isRunning(Number(await readFile(spec.logFile, 'utf8')))).toBe(false)
  })

  test('fails with the name when the program is not there', async () => {
    const spec = shell('', { argv: [path.join(temporaryFolder(), 'no-such-program')] })
    await expect(startService(spec)).rejects.toThrow('Trial could not be started (ENOENT)')
  })

  test('kills what does not take SIGTERM, with all it has started', async () => {
    const spec = shell(`trap '' TERM; sleep 60 & echo $!; while :; do sleep 1; done`, {
      graceMs: 200,
    })
    spec.isReady = async () => (await readFile(spec.logFile, 'utf8')).includes('\n')
    const service = await startService(spec)
    const grandchild = Number(await readFile(spec.logFile, 'utf8'))
    await service.stop()
    await until(() => !isRunning(service.pid) && !isRunning(grandchild))
  })

  test('ends with the process that started it, killed with -9 too', async () => {
    const folder = temporaryFolder()
    const script = path.join(folder, 'owner.ts')
    const service = path.join(import.meta.dirname, 'service.ts')
    await writeFile(
      script,
      `import { startService } from ${JSON.stringify(service)}
const { pid } = await startService({ name: 'Trial', argv: ['/bin/sleep', '60'], cwd: '/',
  env: {}, logFile: ${JSON.stringify(path.join(folder, 'log'))}, isReady: async () => true,
  readyMsMax: 5000, graceMs: 1000 })
console.log(pid)`,
    )
    const owner = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [chunk] = (await owner.stdout.take(1).toArray()) as [Buffer]
    const pid = Number(chunk.toString())
    expect(isRunning(pid)).toBe(true)
    owner.kill('SIGKILL')
    await until(() => !isRunning(pid))
  })
})
