import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runTool } from '../process/run.ts'
import { findIsolation } from '../process/sandbox.ts'
import { bindsOf, newestFirst, probe, programAt, textIn } from './probe.ts'

const run = runTool(await findIsolation({ unsandboxed: true }))

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-probe-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('probe', () => {
  it('gives what a program says on either stream', async () => {
    expect(await probe(run, ['sh', '-c', 'echo out; echo err >&2'])).toBe('out\nerr\n')
  })

  it('asks in an environment that holds nothing of the worker’s', async () => {
    const names = (await probe(run, ['env']))?.match(/^[A-Z_]+(?==)/gm)?.sort()
    expect(names).toEqual(['GOTOOLCHAIN', 'LC_ALL', 'PACKLINE_COMMAND', 'PATH'])
  })

  it('is undefined for what fails, is not there, or says too much', async () => {
    expect(await probe(run, ['false'])).toBeUndefined()
    expect(await probe(run, [join(folder, 'nothing')])).toBeUndefined()
    expect(await probe(run, ['head', '-c', '70000', '/dev/zero'])).toBeUndefined()
  })
})

describe('programAt', () => {
  it('follows links to the program and leaves scripts out', async () => {
    await symlink(process.execPath, join(folder, 'one'))
    await symlink('one', join(folder, 'two'))
    await writeFile(join(folder, 'script'), '#!/bin/sh\n')
    await chmod(join(folder, 'script'), 0o755)
    await symlink('script', join(folder, 'shim'))
    expect(await programAt(join(folder, 'two'))).toBe(process.execPath)
    expect(await programAt(join(folder, 'shim'))).toBeUndefined()
    expect(await programAt(join(folder, 'nothing'))).toBeUndefined()
  })
})

describe('newestFirst', () => {
  it('compares numbers, not text', () => {
    const versions = ['3.9.18', '3.13.0', '2.7.18', '3.10', '3.10.1', '25.0.3', '8.0_412']
    const sorted = versions.map((version) => ({ version })).sort(newestFirst)
    expect(sorted.map(({ version }) => version)).toEqual([
      '25.0.3',
      '8.0_412',
      '3.13.0',
      '3.10.1',
      '3.10',
      '3.9.18',
      '2.7.18',
    ])
  })
})

describe('bindsOf', () => {
  it('is nothing for what the system’s folder shows anyway', () => {
    expect(bindsOf('/usr/lib/jvm/java-17')).toEqual([])
    expect(bindsOf('/usrlocal/go')).toEqual(['/usrlocal/go'])
    expect(bindsOf('/opt/go')).toEqual(['/opt/go'])
  })
})

describe('textIn', () => {
  it('gives the group that was found, or nothing', async () => {
    await writeFile(join(folder, 'release'), 'A="1"\nJAVA_VERSION="17.0.1"\n')
    expect(await textIn(join(folder, 'release'), /^JAVA_VERSION="(.*)"/m)).toBe('17.0.1')
    expect(await textIn(join(folder, 'release'), /^B=(.*)/m)).toBeUndefined()
    expect(await textIn(join(folder, 'nothing'), /(.+)/)).toBeUndefined()
  })
})
