import { type Constants, readConstants, readRelease, unlessCut } from './constant-pool.ts'

/** A method of a class; `parameters` as Java writes them: `java.lang.String`, `int`, `byte[]`. */
export interface ClassMethod {
  name: string
  parameters: readonly string[]
  isPublic: boolean
  isStatic: boolean
}

/** What a class file says of itself; names with dots, nested classes with `$`. */
export interface ClassFile {
  name: string
  superName: string | undefined
  isPublic: boolean
  isAbstract: boolean
  /** The Java release that it is compiled for, such as 17. */
  release: number
  /** Declared here; inherited ones stand in the super class. */
  methods: readonly ClassMethod[]
}

/** No compiler makes more: a method has 64 KiB at most, and a class file 65,535 constants. */
export const CLASS_BYTES_MAX = 16 * 1024 * 1024

const PUBLIC = 0x0001
const STATIC = 0x0008
const ABSTRACT = 0x0400
/** Made by the compiler: bridges of generics, accessors of nested classes. */
const SYNTHETIC = 0x1000

/** Reads a class file as far as its methods; undefined where the bytes are none, or are cut. */
export function readClassFile(bytes: Buffer): ClassFile | undefined {
  return unlessCut(() => parse(bytes))
}

function parse(bytes: Buffer): ClassFile | undefined {
  const release = readRelease(bytes)
  const pool = release === undefined ? undefined : readConstants(bytes, 8)
  if (release === undefined || pool === undefined) return undefined
  const { end } = pool
  const access = bytes.readUInt16BE(end)
  const name = pool.className(bytes.readUInt16BE(end + 2))
  const superName = pool.className(bytes.readUInt16BE(end + 4))
  if (name === undefined) return undefined
  const interfaces = bytes.readUInt16BE(end + 6)
  const fields = skipMembers(bytes, end + 8 + 2 * interfaces)
  return {
    name,
    superName,
    isPublic: (access & PUBLIC) !== 0,
    isAbstract: (access & ABSTRACT) !== 0,
    release,
    methods: readMethods(bytes, fields, pool.text),
  }
}

/** Fields and methods have one form: access, name, type, attributes. Returns where they end. */
export function skipMembers(
  bytes: Buffer,
  start: number,
  each?: (access: number, name: number, descriptor: number) => void,
): number {
  const count = bytes.readUInt16BE(start)
  let at = start + 2
  for (let index = 0; index < count; index += 1) {
    each?.(bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2), bytes.readUInt16BE(at + 4))
    const attributes = bytes.readUInt16BE(at + 6)
    at += 8
    for (let one = 0; one < attributes; one += 1) at += 6 + bytes.readUInt32BE(at + 2)
  }
  return at
}

function readMethods(bytes: Buffer, start: number, text: Constants['text']): ClassMethod[] {
  const methods: ClassMethod[] = []
  skipMembers(bytes, start, (access, name, descriptor) => {
    const called = text(name)
    // <init> and <clinit> are no methods to a user.
    if ((access & SYNTHETIC) !== 0 || called.startsWith('<')) return
    methods.push({
      name: called,
      parameters: parametersOf(text(descriptor)),
      isPublic: (access & PUBLIC) !== 0,
      isStatic: (access & STATIC) !== 0,
    })
  })
  return methods
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  B: 'byte',
  C: 'char',
  D: 'double',
  F: 'float',
  I: 'int',
  J: 'long',
  S: 'short',
  Z: 'boolean',
}

/** `(Ljava/lang/String;[I)V` -> `java.lang.String`, `int[]`. */
function parametersOf(descriptor: string): string[] {
  const inside = descriptor.slice(1, descriptor.lastIndexOf(')'))
  return [...inside.matchAll(/(\[*)(?:L([^;]+);|([BCDFIJSZ]))/g)].map((match) => {
    const [, dimensions = '', object, primitive = ''] = match
    const base = object?.replaceAll('/', '.') ?? PRIMITIVES[primitive] ?? primitive
    return base + '[]'.repeat(dimensions.length)
  })
}
