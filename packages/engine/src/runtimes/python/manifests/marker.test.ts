import { expect, test } from 'vitest'
import { isMarker, markerEnvironment, markerHolds } from './marker.ts'

const here = markerEnvironment('3.10', 'aarch64')

test.each([
  ['python_version < "3.11"', true],
  ["python_version >= '3.11'", false],
  ['python_version == "3.*" and sys_platform == "linux"', true],
  ['sys_platform == "win32" or platform_machine == "aarch64"', true],
  ['sys_platform == "win32" or os_name == "nt" and python_version > "2"', false],
  ['(sys_platform == "win32" or os_name == "posix") and python_version > "2"', true],
  ['python_full_version >= "3.10.0" and python_full_version < "3.10.1"', true],
  ['python_version ~= "3.9"', true],
  ['platform_machine in "x86_64 aarch64"', true],
  ['platform_machine not in "x86_64 arm64"', true],
  ['"linux" in sys_platform', true],
  ['platform_python_implementation != "PyPy"', true],
  ['platform_release >= "5"', false],
  ['implementation_name == "cpython"', true],
  ['sys.platform == "linux"', true],
])('%s', (marker, holds) => {
  expect(markerHolds(marker, here)).toBe(holds)
})

test('extras hold where they are asked for', () => {
  const marker = 'extra == "socks" and python_version > "3"'
  expect(markerHolds(marker, here)).toBe(false)
  expect(markerHolds(marker, here, ['security', 'socks'])).toBe(true)
  expect(markerHolds('extra != "socks"', here, ['socks'])).toBe(false)
})

test('Python 2 names its platform as it did, and 3.9 is older than 3.10', () => {
  const two = markerEnvironment('2.7', 'x86_64')
  expect(markerHolds('sys_platform == "linux2" and python_version < "3"', two)).toBe(true)
  expect(markerHolds('python_version < "3.10"', markerEnvironment('3.9', 'x86_64'))).toBe(true)
})

test.each([
  'python_version',
  'python_version < ',
  'python_version < "3" and',
  '(python_version < "3"',
  'python_versoin < "3"',
  'python_version < "3" "4"',
  'python_version = "3"',
  `${'('.repeat(20_000)}python_version < "3"${')'.repeat(20_000)}`,
])('%.40s is no marker', (marker) => {
  expect(isMarker(marker)).toBe(false)
})
