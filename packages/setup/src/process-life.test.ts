import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { lives, livesStill, processMark } from './process-life.mjs'

describe('lives', () => {
  test('is yes for ourselves and for the first process, whoever owns it', () => {
    expect([lives(process.pid), lives(1)]).toEqual([true, true])
  })

  test('is no for one that has ended, and for what is no process', () => {
    const { pid } = spawnSync('/bin/true')
    expect([lives(pid), lives(0), lives(-1), lives(Number.NaN)]).toEqual(Array(4).fill(false))
  })
})

describe('livesStill', () => {
  test('follows a process from its start to its end', async () => {
    const child = spawn('sleep', ['30'])
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child, 'spawn')
    const mark = processMark(child.pid ?? 0)
    expect(mark).toMatch(RegExp(`^${child.pid} (\\d+|unknown)$`))
    expect(livesStill(mark)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(livesStill(mark)).toBe(false)
  })

  test('is no for another program with the number of a dead one', () => {
    if (process.platform !== 'linux') return
    expect(livesStill(`${process.pid} 99999999999`)).toBe(false)
  })

  test.each(['', ' ', 'no number', '0 0'])('is no for the text "%s"', (mark) => {
    expect(livesStill(mark)).toBe(false)
  })
})
