import { expect, test } from 'vitest'
import { pipPlatforms, uvPlatform, wheelTarget } from './wheels.ts'

test.each([
  ['2.7', 'cp27mu'],
  ['3.6', 'cp36m'],
  ['3.9', 'cp39'],
  ['3.10', 'cp310'],
  ['3.12', 'cp312'],
])('Python %s takes wheels of the ABI %s', (version, abi) => {
  expect(wheelTarget(version, 'x86_64', '2.17').abi).toBe(abi)
})

test('pip is told every tag that glibc 2.17 can load, newest first, under both names', () => {
  expect(pipPlatforms(wheelTarget('3.10', 'x86_64', '2.17'))).toEqual([
    'manylinux_2_17_x86_64',
    'manylinux2014_x86_64',
    'manylinux_2_16_x86_64',
    'manylinux_2_15_x86_64',
    'manylinux_2_14_x86_64',
    'manylinux_2_13_x86_64',
    'manylinux_2_12_x86_64',
    'manylinux2010_x86_64',
    'manylinux_2_11_x86_64',
    'manylinux_2_10_x86_64',
    'manylinux_2_9_x86_64',
    'manylinux_2_8_x86_64',
    'manylinux_2_7_x86_64',
    'manylinux_2_6_x86_64',
    'manylinux_2_5_x86_64',
    'manylinux1_x86_64',
  ])
  expect(pipPlatforms(wheelTarget('3.10', 'aarch64', '2.18'))).toEqual([
    'manylinux_2_18_aarch64',
    'manylinux_2_17_aarch64',
    'manylinux2014_aarch64',
  ])
})

test('uv gets the nearest target that needs no newer glibc, or none', () => {
  const platform = (glibc: string) => uvPlatform(wheelTarget('3.10', 'aarch64', glibc))
  expect(platform('2.17')).toBe('aarch64-manylinux_2_17')
  expect(platform('2.30')).toBe('aarch64-manylinux_2_28')
  expect(platform('2.99')).toBe('aarch64-manylinux_2_40')
  expect(platform('2.12')).toBeUndefined()
})
