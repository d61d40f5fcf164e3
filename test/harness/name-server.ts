import { createSocket } from 'node:dgram'
import dns, { promises } from 'node:dns'
import { once } from 'node:events'
import { syncBuiltinESMExports } from 'node:module'
import { isIP, type LookupFunction } from 'node:net'

/** A name -> its addresses; of several lists each is the answer of one look-up, the last of all. */
export type Names = Readonly<Record<string, readonly string[] | readonly (readonly string[])[]>>

export interface NameServer {
  lookup: LookupFunction
  /** Until it is called back, every look-up of this process is answered by it. */
  takeOver(): () => void
  /** All lists begin anew. */
  forget(): void
  close(): void
}

const TYPES: Readonly<Record<number, 4 | 6>> = { 1: 4, 28: 6 }

/** A DNS server on this machine that lets no answer be kept, as one that binds names anew does. */
export async function startNameServer(names: Names): Promise<NameServer> {
  const asked = new Map<string, number>()
  const socket = createSocket('udp4')
  socket.on('message', (question, { port, address }) => {
    const { name, type, end } = parse(question)
    const family = TYPES[type]
    const at = `${name} ${type}`
    const count = asked.get(at) ?? 0
    asked.set(at, count + 1)
    const found = listOf(names[name] ?? [], count).filter((one) => isIP(one) === family)
    socket.send(answer(question.subarray(0, end), type, found), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const resolver = new promises.Resolver({ timeout: 2000, tries: 2 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  const lookup = lookupBy(resolver)
  return {
    lookup,
    takeOver: () => takeOver(lookup),
    forget: () => asked.clear(),
    close: () => socket.close(),
  }
}

function listOf(lists: Names[string], count: number): readonly string[] {
  const [first] = lists
  if (typeof first === 'string') return lists as readonly string[]
  const all = lists as readonly (readonly string[])[]
  return all[Math.min(count, all.length - 1)] ?? []
}

function parse(question: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: question.readUInt16BE(at + 1), end: at + 5 }
}

function answer(question: Buffer, type: number, addresses: readonly string[]): Buffer {
  const head = Buffer.from(question)
  head.writeUInt16BE(0x8180, 2)
  head.writeUInt16BE(addresses.length, 6)
  // No additional records, whatever the question came with.
  head.writeUInt16BE(0, 10)
  const records = addresses.map((address) => {
    const bytes = bytesOf(address)
    // The name is that of the question; it may be kept for no second.
    const fixed = [0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length]
    return Buffer.from([...fixed, ...bytes])
  })
  return Buffer.concat([head, ...records])
}

function bytesOf(address: string): number[] {
  if (isIP(address) === 4) return address.split('.').map(Number)
  const { hostname } = new URL(`http://[${address}]`)
  const [before = '', after] = hostname.slice(1, -1).split('::')
  const words = (text: string) => text.split(':').filter(Boolean)
  const [start, end] = [words(before), words(after ?? '')]
  const zeros = Array.from({ length: 8 - start.length - end.length }, () => '0')
  return [...start, ...zeros, ...end].flatMap((word) => {
    const number = Number.parseInt(word, 16)
    return [number >> 8, number & 0xff]
  })
}

function lookupBy(resolver: promises.Resolver): LookupFunction {
  const find = async (name: string) => {
    const number = numberOf(name)
    if (isIP(number) !== 0) return [{ address: number, family: isIP(number) }]
    const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    const all = [four, six].flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    return all.map((address) => ({ address, family: isIP(address) }))
  }
  return (name, { all }, callback) => {
    const give = (found: { address: string; family: number }[]) => {
      const [first] = found
      const error = Object.assign(new Error(`no address for ${name}`), { code: 'ENOTFOUND' })
      if (!first) callback(error, [])
      else if (all) callback(null, found)
      else callback(null, first.address, first.family)
    }
    find(name).then(give, (error) => callback(error, []))
  }
}

/** The system reads 2130706433 and 0x7f.1 as numbers, too. */
function numberOf(name: string): string {
  if (isIP(name) !== 0) return name
  return URL.parse(`http://${name}/`)?.hostname ?? name
}

function takeOver(lookup: LookupFunction): () => void {
  const own = dns.lookup
  const set = (one: unknown) => {
    dns.lookup = one as typeof dns.lookup
    syncBuiltinESMExports()
  }
  set((name: string, options: object, callback: never) => lookup(name, options, callback))
  return () => set(own)
}
