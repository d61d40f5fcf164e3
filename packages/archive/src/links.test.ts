import { expect, test } from 'vitest'
import { openArchive } from './archive.ts'
import { type Crafted, craftZip } from './test/craft-zip.ts'
import { limits, refusesBy } from './test/refuses.ts'

const refuses = refusesBy(test)
const link = (name: string, target: string): Crafted => ({ name, content: target, mode: 0o120777 })

refuses('link-escapes', 'a link out of the package', [link('a/b', '../../x')], { entry: 'a/b' })
refuses('link-escapes', 'an absolute link', [link('a', '/etc/passwd')], { entry: 'a' })
refuses('link-escapes', 'a link to a drive', [link('a', 'C:/x')], { entry: 'a' })
refuses('link-escapes', 'a link out through another link', [
  link('d/here', '.'),
  link('e', 'd/here/../../x'),
])
refuses(
  'link-escapes',
  'a link that only looks as if it stayed inside',
  [{ name: 'x/y/f' }, link('x/y/up', '..'), link('l', 'x/y/up/../../etc')],
  { entry: 'l' },
)
refuses(
  'link-escapes',
  'a link out through one that differs by case',
  [link('a/Foo', '..'), link('l', 'a/foo/../x')],
  { entry: 'l' },
)
refuses('link-loop', 'two links in a circle', [link('a', 'b'), link('b', 'a')], { entry: 'a' })
refuses('link-loop', 'a link to itself', [link('a', 'a')], { entry: 'a' })
refuses(
  'link-loop',
  'a chain of 41 links',
  Array.from({ length: 42 }, (_, index) => link(`l${index}`, `l${index + 1}`)),
  { entry: 'l0' },
)
refuses('link-target', 'a link to nothing', [link('a', '')], { entry: 'a' })
refuses('link-target', 'a target with a zero byte', [link('a', 'b\0c')], { entry: 'a' })
refuses('link-target', 'a target with a backslash', [link('a', 'b\\c')], { entry: 'a' })
refuses('link-target', 'a target of 1025 bytes', [link('a', 'b'.repeat(1025))], { entry: 'a' })

test('keeps links that stay inside, dangling ones and those through others too', async () => {
  const targets = { a: 'd/f', 'd/up': '../d/./f', 'd/e/far': '../../d//up', gone: 'not/there' }
  const links = Object.entries(targets).map(([name, target]) => link(name, target))
  const bytes = craftZip([{ name: 'd/f', content: 'x' }, ...links])
  const { entries } = await openArchive({ bytes }, { limits })
  const found = entries.filter(({ kind }) => kind === 'link')
  expect(Object.fromEntries(found.map(({ path, linkTarget }) => [path, linkTarget]))).toEqual(
    targets,
  )
})
