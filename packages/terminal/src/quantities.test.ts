import { expect, test } from 'vitest'
import { counted, duration, size } from './quantities.ts'

test('sizes, times and counts are as people read them', () => {
  expect([size(0), size(1023), size(1024), size(153_805), size(50 * 1024 ** 2)]).toEqual([
    ...['0 B', '1023 B', '1.0 KiB', '150.2 KiB', '50.0 MiB'],
  ])
  expect([duration(0), duration(999), duration(1000), duration(61_240)]).toEqual([
    ...['0 ms', '999 ms', '1.0 s', '61.2 s'],
  ])
  expect([counted(0, 'file'), counted(1, 'file'), counted(2, 'file')]).toEqual([
    ...['0 files', '1 file', '2 files'],
  ])
})
