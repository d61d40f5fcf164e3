import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { needs } from '../../../test/harness/needs.ts'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { folderTree } from './folder-tree.ts'

function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    const full = join(folder, path)
    mkdirSync(join(full, '..'), { recursive: true })
    writeFileSync(full, text)
  }
  return folder
}

test('files and links are listed, sorted, with sizes and modes; folders are not', async () => {
  const folder = folderWith({ 'b.sh': '#!', 'a/x.txt': '数据', 'empty/.keep': '' })
  chmodSync(join(folder, 'b.sh'), 0o755)
  symlinkSync('../b.sh', join(folder, 'a/link'))
  mkdirSync(join(folder, 'hollow'))
  const tree = await folderTree(folder)
  expect(tree.files).toEqual([
    { path: 'a/link', size: 0, executable: false, linkTarget: '../b.sh' },
    { path: 'a/x.txt', size: 6, executable: false },
    { path: 'b.sh', size: 2, executable: true },
    { path: 'empty/.keep', size: 0, executable: false },
  ])
  expect((await tree.read('a/link', 10)).toString()).toBe('#!')
})

test('what is left out is not even looked at', async () => {
  const folder = folderWith({ 'a.js': '', '.git/HEAD': 'ref' })
  execFileSync('mkfifo', [join(folder, '.git/pipe')])
  const tree = await folderTree(folder, { leaveOut: (path) => path === '.git' })
  expect(tree.files.map(({ path }) => path)).toEqual(['a.js'])
})

test('a link to a folder is a link, and one that leads out is not followed', async () => {
  const folder = folderWith({ 'a.js': '' })
  symlinkSync('/etc', join(folder, 'etc'))
  symlinkSync('/etc/passwd', join(folder, 'users'))
  const tree = await folderTree(folder)
  expect(tree.files.map(({ path }) => path)).toEqual(['a.js', 'etc', 'users'])
  await expect(async () => tree.read('users', 1e6)).rejects.toMatchObject({
    code: 'MANIFEST_INVALID',
  })
})

test('a file that was swapped for a link or a pipe since is not followed or waited for', async () => {
  const folder = folderWith({ 'a.json': '{}', 'b.json': '{}' })
  const tree = await folderTree(folder)
  for (const name of ['a.json', 'b.json']) rmSync(join(folder, name))
  symlinkSync('/etc/passwd', join(folder, 'a.json'))
  execFileSync('mkfifo', [join(folder, 'b.json')])
  for (const name of ['a.json', 'b.json']) {
    await expect(tree.read(name, 100)).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
  }
})

test('pipes and sockets are refused by name', async () => {
  const pipes = folderWith({ 'a.js': '' })
  execFileSync('mkfifo', [join(pipes, 'queue')])
  await expect(folderTree(pipes)).rejects.toMatchObject({
    code: 'ARCHIVE_REFUSED',
    message: 'queue is neither a file, a folder nor a link',
  })
  const sockets = folderWith({ 'lib/a.js': '' })
  const server = createServer().listen(join(sockets, 'lib/s'))
  onTestFinished(() => void server.close())
  await expect(folderTree(sockets)).rejects.toThrow('lib/s is neither')
})

test('a name that is not UTF-8 is refused with what is known of it', async () => {
  const folder = folderWith({ 'lib/a.js': '' })
  execFileSync('sh', ['-c', String.raw`touch "$(printf 'lib/\303\050.js')"`], { cwd: folder })
  await expect(folderTree(folder)).rejects.toMatchObject({
    code: 'ARCHIVE_REFUSED',
    message: expect.stringMatching(/^lib\/.*its name is not UTF-8$/),
  })
})

test('a tree deeper than a path may be long is refused, shortened', async () => {
  const folder = folderWith({})
  const deeper = "for (let n = 0; n < 800; n++) { fs.mkdirSync('folder'); process.chdir('folder') }"
  execFileSync(process.execPath, ['-e', deeper], { cwd: folder })
  onTestFinished(() => void execFileSync('rm', ['-rf', join(folder, 'folder')]))
  const error = await folderTree(folder).catch((thrown) => thrown)
  expect(error).toMatchObject({ code: 'ARCHIVE_REFUSED' })
  expect(error.message).toMatch(/lies too deep$/)
  expect(error.message.length).toBeLessThan(300)
})

test('more files or folders than a package may hold are refused', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [`lib${at % 3}/${at}`, '']),
  )
  const folder = folderWith(files)
  expect((await folderTree(folder, { filesMax: 30 })).files).toHaveLength(30)
  await expect(folderTree(folder, { filesMax: 29 })).rejects.toMatchObject({
    code: 'UNPACKED_TOO_LARGE',
    message: 'There are more than 29 files',
  })
  const hollow = temporaryFolder()
  for (let at = 0; at < 50; at += 1) mkdirSync(join(hollow, String(at)))
  await expect(folderTree(hollow, { filesMax: 10 })).rejects.toThrow('more than 10 files')
})

test('a folder that may not be read is named', async (context) => {
  if (process.getuid?.() === 0) {
    needs(context, 'sandbox')
    // Root reads everything: an ordinary user asks.
    const folder = folderWith({ 'lib/a.js': '' })
    chmodSync(folder, 0o755)
    chmodSync(join(folder, 'lib'), 0o700)
    const code = `import('${import.meta.dirname}/folder-tree.ts').then(m => m.folderTree('.'))
      .catch(e => console.log(e.code, e.message))`
    const options = { cwd: folder, uid: 65534, encoding: 'utf8' } as const
    const said = execFileSync(process.execPath, ['-e', code], options)
    expect(said).toBe('SOURCE_NOT_ALLOWED lib may not be read\n')
    return
  }
  const folder = folderWith({ 'lib/a.js': '' })
  chmodSync(join(folder, 'lib'), 0)
  onTestFinished(() => chmodSync(join(folder, 'lib'), 0o700))
  await expect(folderTree(folder)).rejects.toMatchObject({ code: 'SOURCE_NOT_ALLOWED' })
})

test('below and moveTo need no second look at the disk', async () => {
  const folder = folderWith({ 'source/app/a.js': 'a', 'source/app/lib/b.js': 'b' })
  const target = join(folder, 'source')
  const app = await (await folderTree(target)).below('app')
  expect(app.files.map(({ path }) => path)).toEqual(['a.js', 'lib/b.js'])
  await app.moveTo(target)
  const moved = await folderTree(target)
  expect(moved.files.map(({ path }) => path)).toEqual(['a.js', 'lib/b.js'])
  await moved.moveTo(target)
  expect((await moved.read('a.js', 9)).toString()).toBe('a')
})

test('what is taken off is gone for good once the tree is moved, with folders of nothing else', async () => {
  const files = { 'app/a.js': 'a', 'app/.git/HEAD': '', 'app/lib/b.js': '', 'app/lib/c.md': '' }
  const folder = join(folderWith(files), 'app')
  const out = new Set(['.git/HEAD', 'lib/c.md'])
  const tree = (await folderTree(folder)).without(out)
  expect(tree.files.map(({ path }) => path)).toEqual(['a.js', 'lib/b.js'])
  expect(tree.find('.git/HEAD')).toBeUndefined()
  expect(existsSync(join(folder, '.git'))).toBe(true)
  await tree.moveTo(folder)
  expect(existsSync(join(folder, '.git'))).toBe(false)
  expect((await folderTree(folder)).files.map(({ path }) => path)).toEqual(['a.js', 'lib/b.js'])
})

test('what is taken off stays off in a folder of the tree', async () => {
  const folder = folderWith({ 'app/a.js': 'a', 'app/b.md': '' })
  const app = await (await folderTree(folder)).without(new Set(['app/b.md'])).below('app')
  const target = join(folder, 'target')
  await app.moveTo(target)
  expect((await folderTree(target)).files.map(({ path }) => path)).toEqual(['a.js'])
})
