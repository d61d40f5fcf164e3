/** Functions per second of the line and of the two that it is measured against, taken in turn. */
export interface Rates {
  line: number
  bare: number
  loop: number
}

/** `line 397/s, bare topology 490/s, bare loop 547/s`. */
export function ratesText({ line, bare, loop }: Rates): string {
  const perSecond = (rate: number) => `${Math.round(rate)}/s`
  return [
    `line ${perSecond(line)}`,
    `bare topology ${perSecond(bare)}`,
    `bare loop ${perSecond(loop)}`,
  ].join(', ')
}

/** What a bench ends with: the medians, then those of the quotients within each pair. */
export function closingFigures(pairs: readonly Rates[]): string[] {
  const of = (pick: (rates: Rates) => number) => median(pairs.map(pick))
  const medians = {
    line: of(({ line }) => line),
    bare: of(({ bare }) => bare),
    loop: of(({ loop }) => loop),
  }
  return [
    `median: ${ratesText(medians)}`,
    `ratio ${of(({ line, bare }) => line / bare).toFixed(2)}`,
    `loop ${of(({ line, loop }) => line / loop).toFixed(2)}`,
  ]
}

/** Functions per second with the load check on, and starts per second of the sandbox alone. */
export interface LoadRates {
  line: number
  sandbox: number
}

/** `line 12.3/s, sandbox alone 15.0/s`. */
export function loadRatesText({ line, sandbox }: LoadRates): string {
  return `line ${line.toFixed(1)}/s, sandbox alone ${sandbox.toFixed(1)}/s`
}

/** The medians with the load check on, then that of the quotients within each pair. */
export function closingLoadFigures(pairs: readonly LoadRates[]): string[] {
  const of = (pick: (rates: LoadRates) => number) => median(pairs.map(pick))
  const medians = { line: of(({ line }) => line), sandbox: of(({ sandbox }) => sandbox) }
  return [
    `median with load check: ${loadRatesText(medians)}`,
    `load ${of(({ line, sandbox }) => line / sandbox).toFixed(2)}`,
  ]
}

/** Of an even number the mean of the two in the middle; nothing has none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1)
  if (middle.length === 0) throw new RangeError('nothing was measured')
  return middle.reduce((sum, value) => sum + value, 0) / middle.length
}
