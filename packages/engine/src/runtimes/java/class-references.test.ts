import { describe, expect, it } from 'vitest'
import { needs } from '../../../../../test/harness/needs.ts'
import { readReferences } from './class-references.ts'
import { readRelease } from './constant-pool.ts'
import { compileForTest } from './test/classes.ts'

const SOURCE = `package com.example;
import java.util.*;
public class Hello extends Base implements Comparable<Hello> {
  private final Map<String, Date[][]> days = new HashMap<>();
  @Deprecated public Locale where(java.net.URI[] addresses, int count) { return null; }
  public int compareTo(Hello other) { return new byte[3].length + Other.SIZE.get(); }
}
class Base {}
class Other { static java.util.concurrent.atomic.AtomicInteger SIZE; }
`

let classes: Record<string, Buffer> | undefined
function bytes(): Buffer {
  classes ??= compileForTest({ 'Hello.java': SOURCE })
  return classes['com/example/Hello.class'] ?? Buffer.alloc(0)
}

describe('readReferences', () => {
  it('names super class, interfaces, what code uses and what members declare', (context) => {
    needs(context, 'java')
    const found = readReferences(bytes())
    expect(found).toMatchObject({ name: 'com.example.Hello', release: 17 })
    expect(found?.supers).toEqual(['com.example.Base', 'java.lang.Comparable'])
    expect(found?.uses).toEqual(
      expect.arrayContaining(['com.example.Other', 'java.util.HashMap', 'com.example.Base']),
    )
    expect(found?.uses).not.toContain('java.util.Locale')
    expect(found?.declares).toEqual([
      'java.util.Map',
      'java.net.URI',
      'java.util.Locale',
      'com.example.Hello',
      'java.lang.Object',
    ])
    expect(found?.uses.filter((name) => /[/;[]/.test(name))).toEqual([])
  })

  it('takes other bytes and what is cut for none, and never throws', (context) => {
    needs(context, 'java')
    expect(readReferences(Buffer.from('PK\x03\x04'))).toBeUndefined()
    for (let length = 0; length < bytes().length; length += 11) {
      expect(() => readReferences(bytes().subarray(0, length)), `${length}`).not.toThrow()
    }
    expect(readReferences(bytes().subarray(0, 100))).toBeUndefined()
  })
})

describe('readRelease', () => {
  it('needs the first 8 bytes only', (context) => {
    needs(context, 'java')
    expect(readRelease(bytes().subarray(0, 8))).toBe(17)
    expect(readRelease(bytes().subarray(0, 7))).toBeUndefined()
    expect(readRelease(Buffer.from('no class file'))).toBeUndefined()
  })
})
