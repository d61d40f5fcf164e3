import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { findSandboxTool } from '@packline/setup'
import { describe, expect, test } from 'vitest'
import { needs } from '../harness/needs.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

const runTool = promisify(execFile)

/** A PATH with every program of the system but bubblewrap. */
function withoutBubblewrap(folder: string): string {
  const bin = path.join(folder, 'bin')
  mkdirSync(bin)
  for (const name of readdirSync('/usr/bin')) {
    if (name !== 'bwrap') symlinkSync(path.join('/usr/bin', name), path.join(bin, name))
  }
  return bin
}

describe('bubblewrap', () => {
  test('is taken from PATH where it works', async (context) => {
    needs(context, 'sandbox')
    const PATH = path.dirname(process.env.PACKLINE_TEST_BWRAP ?? '')
    const notes: string[] = []
    const tool = await findSandboxTool({
      debianFolder: '/nonexistent',
      environment: { PATH: `${PATH}:/usr/bin:/bin` },
      note: (line) => notes.push(line),
    })
    expect(tool).toEqual({ program: path.join(PATH, 'bwrap'), how: 'on PATH' })
    expect(notes).toEqual([])
  })

  test('is unpacked where it is missing, and works', async (context) => {
    needs(context, 'sandbox')
    const folder = temporaryFolder()
    const debianFolder = path.join(folder, 'debian')
    const notes: string[] = []
    const tool = await findSandboxTool({
      debianFolder,
      environment: { ...process.env, PATH: withoutBubblewrap(folder) },
      note: (line) => notes.push(line),
    })
    expect(notes).toEqual(['bubblewrap: on PATH: no bwrap'])
    expect(tool.how).toBe('unpacked')
    // Root unpacks it where its builds' users can reach it; this folder they can not enter.
    const place = process.getuid?.() === 0 ? '/var/cache/packline/debian' : debianFolder
    expect(tool.program).toBe(path.join(place, 'bin', 'bwrap'))
    const inside = ['--unshare-user', '--ro-bind', '/', '/', '/usr/bin/env']
    const { stdout } = await runTool(tool.program, inside, { env: {} })
    expect(stdout).not.toContain('LD_LIBRARY_PATH')
  })

  test('that makes no sandbox is no bubblewrap, and the reason is said', async () => {
    const folder = temporaryFolder()
    mkdirSync(path.join(folder, 'bin'))
    symlinkSync('/bin/false', path.join(folder, 'bin', 'bwrap'))
    const found = findSandboxTool({
      debianFolder: folder,
      environment: { PATH: `${folder}/bin` },
      note: () => undefined,
      isRoot: false,
    })
    await expect(found).rejects.toMatchObject({
      code: 'SANDBOX_FAILED',
      message: expect.stringContaining('on PATH: bwrap failed: it printed nothing'),
    })
  })
})
