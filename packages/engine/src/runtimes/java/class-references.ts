import { skipMembers } from './class-file.ts'
import { readConstants, readRelease, unlessCut } from './constant-pool.ts'

/** The classes that a class file names; names with dots, nested classes with `$`, no arrays. */
export interface ClassReferences {
  name: string
  /** The Java release that it is compiled for, such as 17. */
  release: number
  /** Its super class and interfaces: without them it can not be loaded. */
  supers: readonly string[]
  /** What its code uses, and itself. */
  uses: readonly string[]
  /** Types of its fields and of its methods' parameters and results: reflection loads them. */
  declares: readonly string[]
}

/** Undefined where the bytes are no class file, or are cut. */
export function readReferences(bytes: Buffer): ClassReferences | undefined {
  return unlessCut(() => parse(bytes))
}

function parse(bytes: Buffer): ClassReferences | undefined {
  const release = readRelease(bytes)
  const pool = release === undefined ? undefined : readConstants(bytes, 8)
  if (release === undefined || pool === undefined) return undefined
  const { end } = pool
  const name = pool.className(bytes.readUInt16BE(end + 2))
  if (name === undefined) return undefined
  const count = bytes.readUInt16BE(end + 6)
  const indexes = Array.from({ length: count }, (_, at) => bytes.readUInt16BE(end + 8 + 2 * at))
  const supers = [bytes.readUInt16BE(end + 4), ...indexes].flatMap((index) => {
    // java.lang.Object alone has no super class: the index is 0 then.
    return index === 0 ? [] : (pool.className(index) ?? [])
  })
  const descriptors: string[] = []
  const take = (_access: number, _name: number, descriptor: number) => {
    descriptors.push(pool.text(descriptor))
  }
  skipMembers(bytes, skipMembers(bytes, end + 8 + 2 * count, take), take)
  const declares = descriptors.flatMap(typesOf)
  return {
    name,
    release,
    supers,
    uses: unique(pool.classes().flatMap(classOf)),
    declares: unique(declares),
  }
}

/** `[[Lcom/example/A;` -> `com.example.A`; arrays of numbers name none. */
function classOf(constant: string): string[] {
  if (!constant.startsWith('[')) return [constant.replaceAll('/', '.')]
  return typesOf(constant)
}

function typesOf(descriptor: string): string[] {
  return [...descriptor.matchAll(/L([^;]+);/g)].map(([, name = '']) => name.replaceAll('/', '.'))
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
