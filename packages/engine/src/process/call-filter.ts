/** Numbers of the system calls that the filter knows, per processor (Linux, unistd tables). */
const CALLS = {
  x64: {
    audit: 0xc000003e,
    clone: 56,
    unshare: 272,
    socket: 41,
    refused: [308, 248, 249, 250, 321, 298, 323],
  },
  arm64: {
    audit: 0xc00000b7,
    clone: 220,
    unshare: 97,
    socket: 198,
    refused: [268, 217, 218, 219, 280, 241, 282],
  },
} as const

/** clone3 hides its flags from filters, io_uring does calls unseen; equal on both processors. */
const ABSENT_CALLS = [435, 425, 426, 427]

/**
 * Families of sockets that tools need: AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. Among the others is
 * AF_VSOCK, which reaches the machine below a virtual one from an empty network, too.
 */
const FAMILIES = [1, 2, 10, 16]

const EPERM = 1
const ENOSYS = 38
const EAFNOSUPPORT = 97
const CLONE_NEWUSER = 0x10000000
/** Set in the numbers of the x32 variant of calls, which would pass by the comparisons. */
const X32_BIT = 0x40000000

/** Classic BPF: load a word, jump if equal, if any bit is set, if greater or equal; return. */
const LOAD = 0x20
const JUMP_EQUAL = 0x15
const JUMP_BITS = 0x45
const JUMP_GREATER_EQUAL = 0x35
const RETURN = 0x06
const ALLOW = 0x7fff0000
const ERRNO = 0x00050000

/** Offsets in struct seccomp_data. */
const NUMBER = 0
const AUDIT_ARCH = 4
const FIRST_ARGUMENT = 16

type Instruction = [code: number, jumpTrue: number, jumpFalse: number, value: number]

/**
 * The system call filter as bubblewrap's --seccomp reads it, or undefined on another processor.
 * It refuses what no build tool needs and what has led out of sandboxes before: new user
 * namespaces, joining others (setns), kernel keyrings, bpf, perf_event_open and userfaultfd with
 * EPERM; clone3 and io_uring with ENOSYS, at which libraries fall back to the older calls; sockets
 * of other families than those of networks and files with EAFNOSUPPORT.
 */
export function callFilter(processor: string): Uint8Array | undefined {
  if (processor !== 'x64' && processor !== 'arm64') return undefined
  const { audit, clone, unshare, socket, refused } = CALLS[processor]
  const refuse = (errno: number): Instruction => [RETURN, 0, 0, ERRNO | errno]
  const refuseCall = (number: number, errno: number): Instruction[] => [
    [JUMP_EQUAL, 0, 1, number],
    refuse(errno),
  ]
  const refuseNewUser = (number: number): Instruction[] => [
    [JUMP_EQUAL, 0, 4, number],
    [LOAD, 0, 0, FIRST_ARGUMENT],
    [JUMP_BITS, 0, 1, CLONE_NEWUSER],
    refuse(EPERM),
    [RETURN, 0, 0, ALLOW],
  ]
  const refuseFamilies: Instruction[] = [
    [JUMP_EQUAL, 0, FAMILIES.length + 3, socket],
    [LOAD, 0, 0, FIRST_ARGUMENT],
    ...FAMILIES.map((family, at): Instruction => [JUMP_EQUAL, FAMILIES.length - at, 0, family]),
    refuse(EAFNOSUPPORT),
    [RETURN, 0, 0, ALLOW],
  ]
  return encode([
    [LOAD, 0, 0, AUDIT_ARCH],
    [JUMP_EQUAL, 1, 0, audit],
    refuse(EPERM),
    [LOAD, 0, 0, NUMBER],
    [JUMP_GREATER_EQUAL, 0, 1, X32_BIT],
    refuse(EPERM),
    ...refused.flatMap((number) => refuseCall(number, EPERM)),
    ...ABSENT_CALLS.flatMap((number) => refuseCall(number, ENOSYS)),
    ...refuseNewUser(clone),
    ...refuseNewUser(unshare),
    ...refuseFamilies,
    [RETURN, 0, 0, ALLOW],
  ])
}

/** struct sock_filter: 16-bit code, two 8-bit jumps, 32-bit value; both processors are little. */
function encode(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * 8)
  const view = new DataView(bytes.buffer)
  for (const [index, [code, jumpTrue, jumpFalse, value]] of program.entries()) {
    view.setUint16(index * 8, code, true)
    view.setUint8(index * 8 + 2, jumpTrue)
    view.setUint8(index * 8 + 3, jumpFalse)
    view.setUint32(index * 8 + 4, value, true)
  }
  return bytes
}
