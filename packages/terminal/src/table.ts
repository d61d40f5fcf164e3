import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildView, isTerminal } from '@packline/shared'
import Table from 'cli-table3'
import stringWidth from 'string-width'
import { size } from './quantities.ts'

/** One example and what came of it. */
export interface Row {
  name: string
  runtime: string
  /** Undefined: it was not built, and `lacks` says why. */
  build?: BuildView
  lacks?: string
}

export interface TableOptions {
  /** Packages below this folder are shown relative to it; without it all by their whole paths. */
  root?: string
  /** Of the terminal; texts are broken to fit, addresses never. */
  columns: number
}

const HEAD = ['function', 'runtime', 'size', 'verdict', 'findings', 'time', 'package']
/** Each column has a blank on both sides and a line on its left; one more line ends the table. */
const FRAME = 3
const TEXT_COLUMNS_MIN = 24

/**
 * The result of a batch for people: function, runtime, size, verdict, findings, time, package; and
 * in a last line the folder or bucket that all packages lie in.
 */
export function resultTable(rows: readonly Row[], { root, columns }: TableOptions): string {
  const addresses = rows.map(({ build }) => build?.package && placeOf(build.package.address, root))
  const base = commonBase(addresses.filter((address) => address !== undefined))
  const cells = rows.map((row, index) => cellsOf(row, addresses[index]?.slice(base.length)))
  const widths = HEAD.map((title, at) => widest([title, ...cells.map((cell) => cell[at] ?? '')]))
  const others = widths.slice(0, -1).reduce((sum, width) => sum + width + FRAME, 0)
  const made = cells.filter((_, index) => addresses[index] !== undefined).map((cell) => cell[6])
  const room = Math.max(columns - others - FRAME - 1, TEXT_COLUMNS_MIN, widest(made))
  const table = new Table({
    head: HEAD,
    style: { head: [], border: [], compact: true },
    colWidths: [...widths.slice(0, -1), Math.min(widths.at(-1) ?? 0, room)].map((one) => one + 2),
    wordWrap: true,
  })
  table.push(...cells)
  return base === '' ? table.toString() : `${table.toString()}\npackages lie in ${base}`
}

/** `.local/store/...` for a file inside the clone; else the address as it is. */
function placeOf(address: string, root: string | undefined): string {
  if (!address.startsWith('file:')) return address
  const path = fileURLToPath(address)
  const inside = root === undefined ? '..' : relative(root, path)
  return inside.startsWith('..') ? path : inside.split(sep).join('/')
}

/** What stands before `FUNCTION/DIGEST.zip` in all of them. */
function commonBase(addresses: readonly string[]): string {
  const bases = new Set(addresses.map((address) => address.replace(/[^/]+\/[^/]+$/, '')))
  const [base = ''] = bases
  return bases.size === 1 ? base : ''
}

function cellsOf({ name, runtime, build, lacks = '' }: Row, place: string | undefined): string[] {
  if (!build) return [name, runtime, '', 'not built', '', '', lacks]
  const findings = String(build.findings ?? 0)
  const { package: made, verdict, failure } = build
  if (made && place !== undefined) {
    const proof = verdict?.verdict ?? ''
    return [name, runtime, size(made.size), proof, findings, time(build), shortened(place)]
  }
  const reason = failure?.code ?? build.cancelReason ?? ''
  return [name, runtime, '', build.state, findings, time(build), reason]
}

/** From being asked for to the end. */
function time({ state, createdAt, finishedAt }: BuildView): string {
  if (!isTerminal(state) || !finishedAt) return ''
  return `${((Date.parse(finishedAt) - Date.parse(createdAt)) / 1000).toFixed(1)} s`
}

/** The digest's middle says nothing to a person; GET /v1/builds/ID has all of it. */
function shortened(address: string): string {
  return address.replace(/([0-9a-f]{12})[0-9a-f]{52}(?=\.)/, '$1…')
}

function widest(texts: readonly (string | undefined)[]): number {
  return Math.max(0, ...texts.map((text = '') => stringWidth(text)))
}
