/** What an ELF header tells. */
export interface Elf {
  /** As requests name it where they can: x86_64, aarch64; else `machine 0xNN`. */
  machine: string
  bits: 32 | 64
  /**
   * `executable` covers position-independent ones too: both are started or loaded by their type.
   */
  type: 'executable' | 'shared' | 'other'
}

const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46])
const MACHINES: Readonly<Record<number, string>> = {
  3: 'x86',
  40: 'arm',
  62: 'x86_64',
  183: 'aarch64',
  243: 'riscv64',
}

/** Reads the first bytes of a file; undefined when it is no ELF file. */
export function readElf(start: Buffer): Elf | undefined {
  if (start.length < 20 || !start.subarray(0, 4).equals(MAGIC)) return undefined
  const big = start[5] === 2
  const at = (offset: number) => (big ? start.readUInt16BE(offset) : start.readUInt16LE(offset))
  const [type, machine] = [at(16), at(18)]
  return {
    machine: MACHINES[machine] ?? `machine 0x${machine.toString(16)}`,
    bits: start[4] === 1 ? 32 : 64,
    type: type === 2 ? 'executable' : type === 3 ? 'shared' : 'other',
  }
}
