/** A shared library for x86_64 of these sections: header, contents, section table. */
export function sharedLibrary(sections: Record<string, Buffer>): Buffer {
  const named = { '': Buffer.alloc(0), ...sections }
  const names = [...Object.keys(named), '.shstrtab']
  const strings = Buffer.from(`${names.join('\0')}\0`)
  const contents = [...Object.values(named), strings]
  const header = Buffer.alloc(64)
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  header.writeUInt16LE(3, 16)
  header.writeUInt16LE(62, 18)
  const contentBytes = contents.reduce((sum, content) => sum + content.length, 0)
  header.writeBigUInt64LE(BigInt(64 + contentBytes), 40)
  header.writeUInt16LE(64, 58)
  header.writeUInt16LE(contents.length, 60)
  header.writeUInt16LE(contents.length - 1, 62)
  let offset = 64
  const table = contents.map((content, index) => {
    const row = Buffer.alloc(64)
    row.writeUInt32LE(strings.indexOf(`${names[index]}\0`), 0)
    row.writeUInt32LE(index === 0 ? 0 : 1, 4)
    row.writeBigUInt64LE(BigInt(offset), 24)
    row.writeBigUInt64LE(BigInt(content.length), 32)
    offset += content.length
    return row
  })
  return Buffer.concat([header, ...contents, ...table])
}

/** What Go writes into a binary: its version, and lines of tabs about what was compiled. */
export function buildInfo(version: string, lines: string[]): Buffer {
  const head = Buffer.alloc(32)
  head.write('\xff Go buildinf:\x08\x02', 'latin1')
  const mark = Buffer.alloc(16, 1)
  const text = Buffer.concat([mark, Buffer.from(lines.join('\n')), mark])
  const long = Buffer.from([(text.length & 0x7f) | 0x80, text.length >> 7])
  return Buffer.concat([head, Buffer.from([version.length]), Buffer.from(version), long, text])
}
