import { describe, expect, test } from 'vitest'
import { tagsOfDraft } from './tags.ts'

const entry = { size: 1, executable: false, binary: false }

describe('tags of a draft', () => {
  test('tell contents, modes, links and folders from one another', () => {
    const entries = [
      { ...entry, path: 'a', kind: 'file' as const, sha256: 'aa' },
      { ...entry, path: 'run', kind: 'file' as const, sha256: 'aa', executable: true },
      { ...entry, path: 'link', kind: 'link' as const, linkTarget: 'a' },
      { ...entry, path: 'empty', kind: 'folder' as const },
    ]
    const tags = tagsOfDraft({ entries })
    expect([...tags.keys()]).toEqual(['a', 'run', 'link', 'empty'])
    expect(new Set(tags.values()).size).toBe(4)
  })

  test.each(['../up', '/root', 'a/../b', 'a\\b', ''])('refuse the path %j', (path) => {
    const entries = [{ ...entry, path, kind: 'file' as const, sha256: 'aa' }]
    expect(() => tagsOfDraft({ entries })).toThrow(
      expect.objectContaining({ code: 'ARCHIVE_REFUSED' }),
    )
  })
})
