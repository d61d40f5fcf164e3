import type { Outline } from './outline.ts'

/** What a package is compiled for. */
export interface BuildTarget {
  /** By Go's name, such as "amd64". */
  processor: string
  /** Such as "1.26.8": go1.1 to go1.26 hold. */
  goVersion: string
}

/** Names that stand for a system or processor at the end of a file's name (go/build, syslist). */
const SYSTEMS = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos'.split(
    ' ',
  ),
)
const PROCESSORS = new Set(
  '386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm'.split(
    ' ',
  ),
)

/** Nobody writes longer ones by hand, and reading goes as deep as they nest. */
const CONSTRAINT_CHARS_MAX = 1000

/** Whether the go command compiles a file for Linux: its name and its constraint say so. */
export function isBuilt(path: string, outline: Outline, target: BuildTarget): boolean {
  const words = nameWords(path)
  const wanted = [words.system, words.processor].filter((word) => word !== undefined)
  const holds = (tag: string) => isTrue(tag, target)
  const { constraint = '' } = outline
  const isRead = constraint !== '' && constraint.length <= CONSTRAINT_CHARS_MAX
  return wanted.every(holds) && (!isRead || evaluate(constraint, holds))
}

/** NAME_SYSTEM_PROCESSOR.go, NAME_SYSTEM.go or NAME_PROCESSOR.go; what stands first is a name. */
function nameWords(path: string): { system?: string; processor?: string } {
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.go$/, '')
  const [, ...words] = file.split('_')
  const last = words.at(-1) ?? ''
  const before = words.at(-2) ?? ''
  if (PROCESSORS.has(last)) {
    return SYSTEMS.has(before) ? { system: before, processor: last } : { processor: last }
  }
  return SYSTEMS.has(last) ? { system: last } : {}
}

/** cgo is on wherever a package asks for C; other tags are only given on a command line. */
function isTrue(tag: string, { processor, goVersion }: BuildTarget): boolean {
  const release = /^go1\.(\d+)$/.exec(tag)?.[1]
  if (release !== undefined) return Number(release) <= Number(goVersion.split('.')[1])
  return ['linux', 'unix', 'gc', 'cgo', processor].includes(tag)
}

/** `a && (b || !c)`; what does not parse holds, as the compiler is to say so. */
function evaluate(expression: string, holds: (tag: string) => boolean): boolean {
  const tokens = expression.match(/&&|\|\||[!()]|[\p{L}\p{N}_.]+/gu) ?? []
  let at = 0
  const either = (): boolean => {
    let value = both()
    while (tokens[at] === '||') {
      at += 1
      // Read in any case: what follows must not be taken for something else.
      const next = both()
      value ||= next
    }
    return value
  }
  const both = (): boolean => {
    let value = one()
    while (tokens[at] === '&&') {
      at += 1
      const next = one()
      value &&= next
    }
    return value
  }
  const one = (): boolean => {
    const token = tokens[at]
    at += 1
    if (token === '!') return !one()
    if (token !== '(') return token === undefined || holds(token)
    const value = either()
    at += 1
    return value
  }
  return either()
}
