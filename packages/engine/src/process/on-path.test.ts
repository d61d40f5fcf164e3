import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allOnPath, isExecutable, onPath } from './on-path.ts'

describe('onPath', () => {
  let folder = ''
  let first = ''
  let second = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'packline path-'))
    first = join(folder, 'first')
    second = join(folder, 'second')
    for (const place of [first, second]) {
      await mkdir(join(place, 'folder'), { recursive: true })
      for (const name of ['tool', 'text']) await writeFile(join(place, name), '#!/bin/sh\n')
      await chmod(join(place, 'tool'), 0o755)
    }
    await rm(join(first, 'text'))
    await symlink('tool', join(second, 'link'))
    await symlink('nowhere', join(second, 'broken'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('takes the first folder that has it, and leaves links as PATH names them', async () => {
    const path = `/nonexistent:${first}:${second}`
    expect(await onPath('tool', path)).toBe(join(first, 'tool'))
    expect(await onPath('link', path)).toBe(join(second, 'link'))
    expect(await allOnPath(['link', 'tool'], path)).toEqual([
      join(first, 'tool'),
      join(second, 'link'),
      join(second, 'tool'),
    ])
  })

  it('takes only files that may be executed', async () => {
    for (const name of ['text', 'folder', 'broken', 'nothing']) {
      expect(await onPath(name, second), name).toBeUndefined()
      expect(await isExecutable(join(second, name)), name).toBe(false)
    }
  })

  it('never looks in the folder that the worker stands in', async () => {
    const file = join(import.meta.dirname, 'on-path.ts')
    const script = `import { allOnPath, onPath } from ${JSON.stringify(file)}
      for (const path of ['', '.', '::', 'folder:.', './folder:.', '../first']) {
        console.log(await onPath('tool', path), await allOnPath(['tool'], path))
      }`
    const args = ['--input-type=module', '--eval', script]
    const { stdout } = spawnSync(process.execPath, args, { cwd: first, encoding: 'utf8' })
    expect(stdout).toBe('undefined []\n'.repeat(6))
  })
})
