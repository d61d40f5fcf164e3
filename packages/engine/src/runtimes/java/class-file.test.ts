import { describe, expect, it } from 'vitest'
import { needs } from '../../../../../test/harness/needs.ts'
import { type ClassFile, readClassFile } from './class-file.ts'
import { compileForTest } from './test/classes.ts'

const SOURCE = `package com.example;

import java.util.List;

public class Hello extends Base<String> implements Runnable, Cloneable {
  private static final long BIG = 0x7fffffffffffffffL;
  static final double HALF = 0.5;
  int[] numbers = {1, 2};
  @Deprecated public static List<String> many(int a, long[] b, String[][] c, List<String> d) {
    return d;
  }
  public String handle(String event) { return "你好" + event + BIG + HALF; }
  public void run() { Runnable r = () -> System.out.println(numbers[0]); r.run(); }
  protected void hidden() {}
  private void secret() {}
  public void 问候(char c) {}
  public class Inner { private int value; public int get() { return Hello.this.numbers[0]; } }
}
abstract class Base<T> { public T same(T value) { return value; } }
`

let classes: Record<string, Buffer> | undefined
/** Once for all tests: a compiler takes its time. */
function compiled(): Record<string, Buffer> {
  classes ??= compileForTest({ 'Hello.java': SOURCE })
  return classes
}

function read(bytes: Buffer | undefined): ClassFile {
  const file = readClassFile(bytes ?? Buffer.alloc(0))
  if (!file) throw new Error('not read')
  return file
}

describe('readClassFile', () => {
  it('reads name, super class, release and methods of what javac made', (context) => {
    needs(context, 'java')
    const file = read(compiled()['com/example/Hello.class'])
    expect(file).toMatchObject({
      name: 'com.example.Hello',
      superName: 'com.example.Base',
      isPublic: true,
      isAbstract: false,
      release: 17,
    })
    const methods = file.methods.map(({ name, isPublic, isStatic, parameters }) =>
      [isPublic ? 'public' : '', isStatic ? 'static' : '', `${name}(${parameters})`].join(' '),
    )
    expect(methods).toEqual([
      'public static many(int,long[],java.lang.String[][],java.util.List)',
      'public  handle(java.lang.String)',
      'public  run()',
      '  hidden()',
      '  secret()',
      'public  问候(char)',
    ])
  })

  it('names nested classes as the JVM does and tells abstract ones', (context) => {
    needs(context, 'java')
    expect(read(compiled()['com/example/Hello$Inner.class']).name).toBe('com.example.Hello$Inner')
    expect(read(compiled()['com/example/Base.class'])).toMatchObject({
      isAbstract: true,
      isPublic: false,
      superName: 'java.lang.Object',
    })
  })

  it('tells the release by the version of the file', (context) => {
    needs(context, 'java')
    const bytes = Buffer.from(compiled()['com/example/Hello.class'] ?? [])
    const releases = [52, 55, 65].map((version) => {
      bytes.writeUInt16BE(version, 6)
      return read(bytes).release
    })
    expect(releases).toEqual([8, 11, 21])
  })

  it('takes a class file that is cut anywhere for none, and never throws', (context) => {
    needs(context, 'java')
    const bytes = compiled()['com/example/Hello.class'] ?? Buffer.alloc(0)
    const methodsEnd = bytes.length - 40
    for (let length = 0; length < methodsEnd; length += 7) {
      const file = readClassFile(bytes.subarray(0, length))
      expect(file === undefined || file.methods.length === 6, `cut at ${length}`).toBe(true)
    }
    expect(readClassFile(bytes.subarray(0, 200))).toBeUndefined()
  })

  it('takes other bytes for none', () => {
    expect(readClassFile(Buffer.from('PK\x03\x04 not a class'))).toBeUndefined()
    expect(readClassFile(Buffer.alloc(0))).toBeUndefined()
    const unknownConstant = Buffer.from('cafebabe00000041000263ffff', 'hex')
    expect(readClassFile(unknownConstant)).toBeUndefined()
  })

  it('ends on any damage within the length of the file', (context) => {
    needs(context, 'java')
    const bytes = compiled()['com/example/Hello.class'] ?? Buffer.alloc(0)
    for (let at = 8; at < bytes.length; at += 3) {
      const damaged = Buffer.from(bytes)
      damaged[at] = 0xff
      expect(() => readClassFile(damaged), `damaged at ${at}`).not.toThrow()
    }
  })
})
