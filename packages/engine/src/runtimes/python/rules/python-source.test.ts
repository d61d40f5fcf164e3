import { expect, test } from 'vitest'
import { checkEncoding } from './python-encoding.ts'
import { readSource } from './python-source.ts'

/** "商店" in GBK. */
const GBK = Buffer.from([0xc9, 0xcc, 0xb5, 0xea])
const gbk = (start: string, end = '\n') =>
  Buffer.concat([Buffer.from(start), GBK, Buffer.from(end)])

function said(bytes: Buffer | string, version = '3.10') {
  return checkEncoding(readSource('shop.py', Buffer.from(bytes), version)).map(
    ({ level, line, message }) => `${level} ${line}: ${message}`,
  )
}

test('GBK without a word of it is refused where the first such byte stands', () => {
  expect(said(gbk('NAME = 1\n# '))).toEqual([
    'error 2: shop.py can not be read as Python source: it is not UTF-8 and names no encoding; it looks like GBK',
  ])
  expect(said(gbk('# -*- coding: utf-8 -*-\nNAME = "', '"\n'))[0]).toMatch(
    /^error 2: .*says "coding: utf-8" and is not; it looks like GBK/,
  )
})

test.each(['gbk', 'GB2312', 'cp936', 'gb18030', 'GB_18030'])('GBK that says %s is read', (name) => {
  const source = readSource(
    'a.py',
    gbk(`# vim: set fileencoding=${name} :\nNAME = "`, '"\n'),
    '3.10',
  )
  expect(source.refused).toBeUndefined()
  if (name !== 'GB_18030') expect(source.text).toContain('商店')
})

test('the line that names the encoding is one of the first two', () => {
  const second = '#!/usr/bin/env python\n# coding=utf-8\nNAME = "商店"\n'
  expect(said(second)).toEqual([])
  expect(said('\n# coding=utf-8\nNAME = "商店"\n')).toEqual([])
  expect(said('import os\n# coding=utf-8\nNAME = "商店"\n')).toHaveLength(1)
  expect(said('\n\n# coding=utf-8\nNAME = "商店"\n')).toHaveLength(1)
  expect(said('\uFEFFNAME = "商店"\n')).toEqual([])
})

test('Python 2 refuses even comments beyond ASCII without it', () => {
  expect(said('x = 1\n\n# 商店\n', '2.7')[0]).toMatch(
    /^error 3: .*names no encoding, which Python 2/,
  )
  expect(said('# coding: utf-8\n# 商店\n', '2.7')).toEqual([])
  expect(said('\uFEFF# 商店\n', '2.7')).toEqual([])
  expect(said('# coding: ascii\n# 商店\n', '3.10')[0]).toMatch(/^error 2/)
})

test('what may be printed or returned is a note, comments and docstrings are not', () => {
  expect(said('# 商店\ndef f():\n    """商店"""\n    return 1\n')).toEqual([])
  expect(said('def f():\n    return "商店"\n')).toEqual([
    'note 2: shop.py has text beyond ASCII in what it may print or return, and does not name its encoding',
  ])
  expect(said('x = 1\nprint(f"{x} 商店")\n')).toHaveLength(1)
  expect(said('NAME = {"商店": 1}\n')).toHaveLength(1)
})

test('an encoding that only Python knows is left to Python', () => {
  expect(said(gbk('# coding: punycode\nx = "', '"\n'))).toEqual([])
})
