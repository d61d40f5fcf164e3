import { expect, test } from 'vitest'
import { userConfig } from './user-config.ts'

test.each([
  ['linux', { HOME: '/home/a' }, '/home/a/.config/packline'],
  ['darwin', { HOME: '/Users/a' }, '/Users/a/Library/Application Support/packline'],
  ['linux', { HOME: '/home/a', XDG_CONFIG_HOME: '/elsewhere' }, '/elsewhere/packline'],
  ['darwin', { XDG_CONFIG_HOME: '/elsewhere' }, '/elsewhere/packline'],
])('on %s with %j the settings of a user lie in %s', (platform, environment, expected) => {
  expect(userConfig(environment, platform)).toBe(expected)
})

test('who has no home is told how to do without', () => {
  expect(() => userConfig({}, 'linux')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('PACKLINE_URL') }),
  )
})
