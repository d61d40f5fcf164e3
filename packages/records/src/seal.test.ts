import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { makeSeal } from './seal.ts'

const key = () => randomBytes(32).toString('base64')
const code = (of: string) => expect.objectContaining({ code: of })

describe('a seal', () => {
  test('opens what it closed, whatever the text', () => {
    const seal = makeSeal(key())
    for (const text of ['', 'token', '密钥\u0000\n']) {
      expect(seal.open(seal.close(text, 'here'), 'here')).toBe(text)
    }
  })

  test('never writes the same twice, nor the text itself', () => {
    const seal = makeSeal(key())
    const [one, other] = [seal.close('token', 'here'), seal.close('token', 'here')]
    expect(one).not.toBe(other)
    expect(Buffer.from(one, 'base64').includes('token')).toBe(false)
  })

  test('opens nothing elsewhere, with another key, or after a change', () => {
    const seal = makeSeal(key())
    const sealed = seal.close('token', 'here')
    const changed = Buffer.from(sealed, 'base64')
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    expect(() => seal.open(sealed, 'there')).toThrow(code('SECRETS_LOCKED'))
    expect(() => makeSeal(key()).open(sealed, 'here')).toThrow(code('SECRETS_LOCKED'))
    expect(() => seal.open(changed.toString('base64'), 'here')).toThrow(code('SECRETS_LOCKED'))
    expect(() => seal.open('', 'here')).toThrow(code('SECRETS_LOCKED'))
  })

  test('keeps nothing without a key, and refuses one of another length', () => {
    const none = makeSeal(undefined)
    expect(() => none.close('token', 'here')).toThrow(code('SECRETS_LOCKED'))
    expect(() => makeSeal('c2hvcnQ=')).toThrow(/has 5 bytes; expected 32/)
  })
})
