import { describe, expect, it } from 'vitest'
import { callFilter } from './call-filter.ts'

const ALLOWED = 'allowed'
const EPERM = 'errno 1'
const ENOSYS = 'errno 38'
const EAFNOSUPPORT = 'errno 97'
const NEW_USER = 0x10000000
const NEW_NETWORK = 0x40000000
const THREAD = 0x003d0f00

/** Runs the filter as the kernel would, on one call. */
function decide(filter: Uint8Array, audit: number, call: number, argument = 0): string {
  const view = new DataView(filter.buffer)
  const words: Record<number, number> = { 0: call, 4: audit, 16: argument }
  let accumulator = 0
  for (let at = 0; at * 8 < filter.length; at++) {
    const code = view.getUint16(at * 8, true)
    const value = view.getUint32(at * 8 + 4, true)
    const jump = (holds: boolean) => {
      at += view.getUint8(at * 8 + (holds ? 2 : 3))
    }
    if (code === 0x20) accumulator = words[value] ?? Number.NaN
    else if (code === 0x15) jump(accumulator === value)
    else if (code === 0x45) jump((accumulator & value) !== 0)
    else if (code === 0x35) jump(accumulator >= value)
    else if (code === 0x06) return value === 0x7fff0000 ? ALLOWED : `errno ${value & 0xffff}`
    else throw new Error(`unknown instruction ${code}`)
  }
  throw new Error('the program ends without a decision')
}

// Numbers by name from the kernel's tables (asm/unistd_64.h, asm-generic/unistd.h).
const processors = [
  {
    name: 'x64',
    audit: 0xc000003e,
    calls: { read: 0, execve: 59, clone: 56, unshare: 272, setns: 308, keyctl: 250, bpf: 321 },
    socket: 41,
    more: { add_key: 248, request_key: 249, perf_event_open: 298, userfaultfd: 323 },
  },
  {
    name: 'arm64',
    audit: 0xc00000b7,
    calls: { read: 63, execve: 221, clone: 220, unshare: 97, setns: 268, keyctl: 219, bpf: 280 },
    socket: 198,
    more: { add_key: 217, request_key: 218, perf_event_open: 241, userfaultfd: 282 },
  },
] as const

describe.each(processors)('callFilter of $name', ({ name, audit, calls, socket, more }) => {
  const filter = callFilter(name) ?? new Uint8Array()
  const ask = (call: number, argument?: number) => decide(filter, audit, call, argument)

  it('allows what programs need', () => {
    expect(ask(calls.read)).toBe(ALLOWED)
    expect(ask(calls.execve)).toBe(ALLOWED)
    expect(ask(calls.clone, THREAD)).toBe(ALLOWED)
    expect(ask(1000)).toBe(ALLOWED)
  })

  it('refuses new user namespaces, alone and among other flags', () => {
    for (const call of [calls.clone, calls.unshare]) {
      expect(ask(call, NEW_USER)).toBe(EPERM)
      expect(ask(call, NEW_USER | NEW_NETWORK | 17)).toBe(EPERM)
      expect(ask(call, NEW_NETWORK)).toBe(ALLOWED)
    }
    // An argument of another call is not a flag.
    expect(ask(calls.read, NEW_USER)).toBe(ALLOWED)
  })

  it('refuses what has led out of sandboxes', () => {
    for (const call of [calls.setns, calls.keyctl, calls.bpf, ...Object.values(more)]) {
      expect(ask(call), String(call)).toBe(EPERM)
    }
  })

  it('knows sockets of networks and files, and no others', () => {
    const names = { unix: 1, inet: 2, inet6: 10, netlink: 16 }
    for (const family of Object.values(names)) expect(ask(socket, family)).toBe(ALLOWED)
    const others = { packet: 17, alg: 38, vsock: 40, none: 0, next: 3, xdp: 44 }
    for (const family of Object.values(others)) expect(ask(socket, family)).toBe(EAFNOSUPPORT)
    expect(ask(calls.read, others.vsock)).toBe(ALLOWED)
  })

  it('has no clone3 and no io_uring, so that libraries take the older calls', () => {
    for (const call of [435, 425, 426, 427]) expect(ask(call)).toBe(ENOSYS)
  })

  it('refuses calls of other processors, whose numbers mean others', () => {
    expect(decide(filter, 0x40000003, calls.read)).toBe(EPERM)
    expect(ask(0x40000000 + calls.unshare, NEW_USER)).toBe(EPERM)
  })
})

describe('callFilter', () => {
  it('is not made for a processor whose numbers it does not know', () => {
    expect(callFilter('riscv64')).toBeUndefined()
  })
})
