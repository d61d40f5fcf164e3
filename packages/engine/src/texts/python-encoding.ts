import type { Words } from '@packline/shared'
import type { Texts } from '../finding.ts'

const LINE = '# -*- coding:utf-8 -*-'

export const pythonEncodingTexts = {
  refused: (path: string, why: Words) => ({
    message: {
      en: `${path} can not be read as Python source: ${why.en}`,
      zh: `${path} 不能作为 Python 源代码读取：${why.zh}`,
    },
    hint: {
      en: `Save it as UTF-8 with "${LINE}" as its first line.`,
      zh: `保存为 UTF-8，并在第一行写 "${LINE}"。`,
    },
  }),
  unnamed: (path: string) => ({
    message: {
      en: `${path} has text beyond ASCII in what it may print or return, and does not name its encoding`,
      zh: `${path} 可能打印或返回非 ASCII 文本，却没有写明编码`,
    },
    hint: {
      en: `Put "${LINE}" into its first line.`,
      zh: `在第一行写 "${LINE}"。`,
    },
  }),
} satisfies Texts

/** Why Python refuses a source; `guess`: the encoding that its bytes look like. */
export const REFUSED_SOURCE = {
  notAsNamed: (coding: string, guess?: string): Words => ({
    en: `it says "coding: ${coding}" and is not${looksLike(guess).en}`,
    zh: `它写着 "coding: ${coding}"，实际不是${looksLike(guess).zh}`,
  }),
  notAscii: (guess?: string): Words => ({
    en: `it is not ASCII and names no encoding, which Python 2 refuses${looksLike(guess).en}`,
    zh: `它含有非 ASCII 字符且没有写明编码，Python 2 会拒绝${looksLike(guess).zh}`,
  }),
  notUtf8: (guess?: string): Words => ({
    en: `it is not UTF-8 and names no encoding${looksLike(guess).en}`,
    zh: `它不是 UTF-8，也没有写明编码${looksLike(guess).zh}`,
  }),
}

function looksLike(guess: string | undefined): Words {
  if (guess === undefined) return { en: '', zh: '' }
  return { en: `; it looks like ${guess}`, zh: `；看起来是 ${guess}` }
}
