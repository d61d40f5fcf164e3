import { ArchiveRefusal, quote } from '../refusal.ts'
import { type PaxRecords, parsePax } from './pax-records.ts'
import type { TarHeader } from './tar-header.ts'

/** A header with what others in front of it say of its entry. */
export interface TarEntryHeader extends TarHeader {
  pax: PaxRecords
}

/** Collects headers that stand in front of an entry and say what its own has no room for. */
export interface LongHeaders {
  /** Whether a header of that type is one, whose content `take` reads. */
  has(type: string): boolean
  /**
   * False where the content can not be read, or readers would differ in what holds: two of a kind
   * in front of one entry, or GNU's and pax's.
   */
  take(type: string, content: Buffer): boolean
  /** Whether something was taken whose entry has not come. */
  areOpen(): boolean
  /** The entry's own header, with all that was taken since the last entry. */
  apply(header: TarHeader): TarEntryHeader
}

/** GNU tar's long names ("N" as its first versions wrote them), and pax headers by POSIX. */
const TYPES = { L: 'name', N: 'name', K: 'linkName', x: 'pax', g: 'global' } as const
type Kind = (typeof TYPES)[keyof typeof TYPES]

const NO_RECORDS: PaxRecords = new Map()
/** What is one entry's alone; some readers would take it for all, others for none. */
const OF_ONE_ENTRY = ['path', 'linkpath', 'size']

export function createLongHeaders(): LongHeaders {
  let global = NO_RECORDS
  const names = new Map<Kind, Buffer>()
  let pax: PaxRecords | undefined

  const takeRecords = (kind: Kind, records: PaxRecords | undefined) => {
    if (!records || (kind === 'pax' && (pax || names.size > 0))) return false
    if (kind === 'pax') pax = records
    else global = new Map([...global, ...forAll(records)])
    return true
  }
  const takeName = (kind: Kind, content: Buffer) => {
    if (names.has(kind) || pax) return false
    const end = content.indexOf(0)
    names.set(kind, end < 0 ? content : content.subarray(0, end))
    return true
  }

  const areOpen = () => names.size > 0 || pax !== undefined

  return {
    has: (type) => Object.hasOwn(TYPES, type),
    take(type, content) {
      const kind = TYPES[type as keyof typeof TYPES]
      if (kind === 'name' || kind === 'linkName') return takeName(kind, content)
      return takeRecords(kind, parsePax(content))
    },
    areOpen,
    apply(header) {
      if (!areOpen() && global.size === 0) return { ...header, pax: NO_RECORDS }
      const records = pax ? new Map([...global, ...pax]) : global
      const name = filled(records, 'path') ?? names.get('name') ?? header.name
      const linkName = filled(records, 'linkpath') ?? names.get('linkName') ?? header.linkName
      const size = sizeIn(records, name) ?? header.size
      names.clear()
      pax = undefined
      return { ...header, name, linkName, size, pax: records }
    },
  }
}

function forAll(records: PaxRecords): PaxRecords {
  const key = OF_ONE_ENTRY.find((one) => records.has(one))
  if (key === undefined) return records
  throw new ArchiveRefusal('method', undefined, {
    en: `A pax header gives all entries the same ${quote(key)}, which readers take differently`,
    zh: `一个 pax 头给所有条目相同的 ${quote(key)}，各读取程序的处理不同`,
  })
}

/** By the standard an empty record takes back what was said before. */
function filled(records: PaxRecords, key: string): Buffer | undefined {
  const value = records.get(key)
  return value?.length ? value : undefined
}

/** Readers take different numbers out of what is none. */
function sizeIn(records: PaxRecords, name: Buffer): number | undefined {
  const size = filled(records, 'size')?.toString('utf8')
  if (size === undefined) return undefined
  if (/^\d{1,15}$/.test(size)) return Number(size)
  throw new ArchiveRefusal('size-lies', name.toString('utf8'), {
    en: `its pax header gives ${quote(size)} as its size`,
    zh: `它的 pax 头给出的大小是 ${quote(size)}`,
  })
}
