import { ArchiveRefusal, quote } from '../refusal.ts'
import { type PaxRecords, parsePax } from './pax-records.ts'
import type { TarHeader } from './tar-header.ts'

/** A header with what others in front of it say of its entry. */
export interface TarEntryHeader extends TarHeader {
  isSparse: boolean
}

/** Collects headers that stand in front of an entry and say what its own has no room for. */
export interface LongHeaders {
  /** Whether a header of that type is one, whose content `take` reads. */
  has(type: string): boolean
  /**
   * False where the content can not be read, or readers would differ in what holds: two of a kind
   * in front of one entry, GNU's and pax's, or between them one for all entries.
   */
  take(type: string, content: Buffer): boolean
  /** Whether something was taken whose entry has not come. */
  areOpen(): boolean
  /** The entry's own header, with all that was taken since the last entry. */
  apply(header: TarHeader): TarEntryHeader
}

/** GNU tar's long names, and pax headers by POSIX. */
const TYPES = { L: 'name', K: 'linkName', x: 'pax', g: 'global' } as const
/** The type of a header that stands in front of no one entry: there may be any number. */
export const FOR_ALL = 'g'
type Name = 'name' | 'linkName'

export function createLongHeaders(): LongHeaders {
  const names = new Map<Name, Buffer>()
  let pax: PaxRecords | undefined

  const takePax = (records: PaxRecords | undefined) => {
    if (!records || pax || names.size > 0) return false
    pax = records
    return true
  }
  const takeName = (kind: Name, content: Buffer) => {
    const end = content.indexOf(0)
    // Without a NUL some readers go on behind it.
    if (names.has(kind) || pax || end < 1) return false
    names.set(kind, content.subarray(0, end))
    return true
  }
  const areOpen = () => names.size > 0 || pax !== undefined

  return {
    has: (type) => Object.hasOwn(TYPES, type),
    take(type, content) {
      const kind = TYPES[type as keyof typeof TYPES]
      if (kind === 'global') return !areOpen() && isForAll(parsePax(content))
      return kind === 'pax' ? takePax(parsePax(content)) : takeName(kind, content)
    },
    areOpen,
    apply(header) {
      if (!areOpen()) return { ...header, isSparse: false }
      const name = pax?.path ?? names.get('name') ?? header.name
      const linkName = pax?.linkpath ?? names.get('linkName') ?? header.linkName
      const size = sizeIn(pax, name) ?? header.size
      const isSparse = pax?.isSparse ?? false
      names.clear()
      pax = undefined
      return { ...header, name, linkName, size, isSparse }
    },
  }
}

/** What is one entry's alone some readers would take for all, others for none. */
function isForAll(records: PaxRecords | undefined): boolean {
  if (!records) return false
  const key = (['path', 'linkpath', 'size'] as const).find((one) => records[one])
  if (key === undefined && !records.isSparse) return true
  const of = quote(key ?? 'GNU.sparse')
  throw new ArchiveRefusal('method', undefined, {
    en: `A pax header gives all entries the same ${of}, which readers take differently`,
    zh: `一个 pax 头给所有条目相同的 ${of}，各读取程序的处理不同`,
  })
}

/** Readers take different numbers out of what is none. */
function sizeIn(records: PaxRecords | undefined, name: Buffer): number | undefined {
  const size = records?.size?.toString('utf8')
  if (size === undefined) return undefined
  if (/^\d{1,15}$/.test(size)) return Number(size)
  throw new ArchiveRefusal('size-lies', name.toString('utf8'), {
    en: `its pax header gives ${quote(size)} as its size`,
    zh: `它的 pax 头给出的大小是 ${quote(size)}`,
  })
}
