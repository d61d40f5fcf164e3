import type { Place } from './place.ts'

/** What the go command, or a compiler that it starts, might run or read, and must not. */
export interface GoTrick {
  title: string
  /** Beside them lies probe.sh, which would tell of itself. */
  files: (place: Place) => Readonly<Record<string, string>>
  /** What is said of it; without it the plugin is built as if the trick was not there. */
  says?: RegExp
}

const SCRIPT = 'sh /build/source/probe.sh'
const plugin = (before: string, inside = '') => `${before}
package main

${inside}
// Handler answers.
func Handler(payload []byte, ctx interface{}) (interface{}, error) { return nil, nil }
`
const cgo = (lines: string) => ({ 'hello.go': plugin('', `/*\n${lines}\n*/\nimport "C"\n`) })

export const GO_TRICKS: readonly GoTrick[] = [
  {
    title: 'a command of go:generate',
    files: () => ({ 'hello.go': plugin(`//go:generate ${SCRIPT}`) }),
  },
  {
    title: 'a plugin of the C compiler in its flags',
    files: () => cgo('#cgo CFLAGS: -fplugin=/build/source/evil.so'),
    says: /invalid flag in #cgo CFLAGS: -fplugin/,
  },
  {
    title: 'a wrapper of the C compiler in its flags',
    files: () => cgo('#cgo CFLAGS: -wrapper sh,/build/source/probe.sh'),
    says: /invalid flag in #cgo CFLAGS: -wrapper/,
  },
  {
    title: 'other programs of the C compiler in the flags of the linker',
    files: () => cgo('#cgo LDFLAGS: -B/build/source/tools -fuse-ld=/build/source/probe.sh'),
    says: /invalid flag in #cgo LDFLAGS/,
  },
  {
    title: 'arguments of pkg-config',
    files: () => cgo('#cgo pkg-config: --print-errors=x'),
    says: /invalid flag in pkg-config/,
  },
  {
    title: 'flags of the linker in code that is no cgo',
    files: () => ({ 'hello.go': plugin('', '//go:cgo_ldflag "-fplugin=evil.so"') }),
    says: /only allowed in cgo-generated code|build is not possible|syntax error|misplaced/,
  },
  {
    title: 'settings of the go command beside the source',
    files: () => ({
      'hello.go': plugin(''),
      'go.env': `GOFLAGS=-toolexec=/build/source/probe.sh\n`,
      '.config/go/env': `GOFLAGS=-toolexec=/build/source/probe.sh\n`,
    }),
  },
  {
    title: "a worker's file in the middle of a C program",
    files: ({ files }) => cgo(`#include "${files.worker}"`),
    says: /No such file|not found/,
  },
  {
    title: "a worker's file in the middle of an object file",
    files: ({ files }) =>
      cgo(`__asm__(".section .rodata\\n.incbin \\"${files.worker}\\"\\n.text");`),
    says: /not found|can't open|Could not find|No such file/i,
  },
]
