import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { takeRunLock } from './run-lock.ts'

describe('takeRunLock', () => {
  test('takes a file for this process and leaves nothing beside it', async () => {
    const folder = temporaryFolder()
    await takeRunLock(join(folder, 'run.pid'))
    expect(await readFile(join(folder, 'run.pid'), 'utf8')).toMatch(RegExp(`^${process.pid} \\S+$`))
    expect(await readdir(folder)).toEqual(['run.pid'])
  })

  test('is refused while its holder lives, and given again when the file goes', async () => {
    const lock = join(temporaryFolder(), 'run.pid')
    await takeRunLock(lock)
    const expected = `npm start runs in this clone already (process ${process.pid})`
    await expect(takeRunLock(lock)).rejects.toMatchObject({ code: 'CONFLICT', message: expected })
    await rm(lock)
    await takeRunLock(lock)
  })

  test('takes over from a process that was killed', async () => {
    const lock = join(temporaryFolder(), 'run.pid')
    const child = spawn('sleep', ['30'])
    await writeFile(lock, `${child.pid} 12345`)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await takeRunLock(lock)
    expect(await readFile(lock, 'utf8')).toContain(`${process.pid} `)
  })

  test('is not fooled by another program with the number of its dead holder', async () => {
    if (process.platform !== 'linux') return
    const lock = join(temporaryFolder(), 'run.pid')
    // Process 1 lives, but did not start so late.
    await writeFile(lock, '1 99999999999')
    await takeRunLock(lock)
    expect(await readFile(lock, 'utf8')).toContain(`${process.pid} `)
  })

  test('takes over a file that says nothing', async () => {
    const lock = join(temporaryFolder(), 'run.pid')
    await writeFile(lock, '')
    await takeRunLock(lock)
  })

  test('of many that find a dead holder at once, one gets it', async () => {
    const folder = temporaryFolder()
    const lock = join(folder, 'run.pid')
    await writeFile(lock, '999999999 1')
    const script = `import { takeRunLock } from ${JSON.stringify(join(import.meta.dirname, 'run-lock.ts'))}
const answer = await takeRunLock(process.argv[1]).then(() => 'taken', (error) => error.code)
console.log(answer)
process.stdin.resume()`
    const children = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--input-type=module-typescript', '-e', script, lock]),
    )
    const answers = await Promise.all(
      children.map(async (child) => String((await once(child.stdout, 'data'))[0]).trim()),
    )
    for (const child of children) child.kill('SIGKILL')
    await Promise.all(children.map((child) => once(child, 'close')))
    expect(answers.toSorted()).toEqual([...Array(5).fill('CONFLICT'), 'taken'])
    expect(await readdir(folder)).toEqual(['run.pid'])
  })
})
