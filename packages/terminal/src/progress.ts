import { createLogUpdate } from 'log-update'

/** Lines below the block that belong to the terminal itself. */
const ROWS_KEPT = 2
const ROWS_DEFAULT = 24
const CLOCK_MS = 1000
/** Before that a clock would only flicker. */
const SHOW_SECONDS_FROM = 2

/** Shows what each build is doing: a live block on a terminal, else one plain line per change. */
export interface Progress {
  /** `part`: how much of it is done, 0 to 1; drawn as a bar on a terminal. */
  say(name: string, text: string, part?: number): void
  end(name: string, text: string): void
  /** A bar over all, below the others; without a terminal nothing. */
  total(done: number, all: number, text: string): void
  /** Leaves what stands there, and gives the terminal back. */
  close(): void
}

export function showProgress(output: NodeJS.WriteStream): Progress {
  return output.isTTY ? live(output) : plain(output)
}

function plain(output: NodeJS.WriteStream): Progress {
  const shown = new Map<string, string>()
  const say = (name: string, text: string) => {
    if (shown.get(name) === text) return
    shown.set(name, text)
    output.write(`${name}: ${text}\n`)
  }
  return { say, end: say, total: () => undefined, close: () => undefined }
}

interface Running {
  text: string
  since: number
  part?: number
}

const BAR_CELLS = 12

function live(output: NodeJS.WriteStream): Progress {
  const block = createLogUpdate(output)
  const running = new Map<string, Running>()
  let total: string | undefined
  const draw = () => block(rowsOf(running, total, output))
  // Shows that a long stage is alive.
  const clock = setInterval(draw, CLOCK_MS)
  return {
    say: (name, text, part) => {
      running.set(name, { text, since: performance.now(), part })
      draw()
    },
    total: (done, all, text) => {
      total = `  ${bar(all === 0 ? 1 : done / all)}  ${done} of ${all}  ${text}`
      draw()
    },
    end: (name, text) => {
      running.delete(name)
      block.clear()
      output.write(`  ${name}: ${text}\n`)
      draw()
    },
    close: () => {
      clearInterval(clock)
      block.clear()
      block.done()
    },
  }
}

/** Those that do something stand before those that wait; what does not fit is counted. */
function rowsOf(
  running: ReadonlyMap<string, Running>,
  total: string | undefined,
  output: NodeJS.WriteStream,
): string {
  const entries = [...running].toSorted(([, one], [, other]) => rank(one) - rank(other))
  const width = Math.max(0, ...entries.map(([name]) => name.length))
  const rows = entries.map(([name, { text, since, part }]) => {
    const seconds = Math.floor((performance.now() - since) / 1000)
    const clock = seconds >= SHOW_SECONDS_FROM ? `  ${seconds} s` : ''
    const done = part === undefined ? '' : `${bar(part)}  `
    return `  ${name.padEnd(width)}  ${done}${text}${clock}`
  })
  const last = total === undefined ? [] : [total]
  const most = Math.max(1, (output.rows ?? ROWS_DEFAULT) - ROWS_KEPT - last.length)
  const shown =
    rows.length <= most
      ? rows
      : [...rows.slice(0, most - 1), `  and ${rows.length - most + 1} more`]
  return [...shown, ...last].map((text) => text.slice(0, output.columns ?? 80)).join('\n')
}

function bar(part: number): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * BAR_CELLS)
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)}`
}

function rank({ text }: Running): number {
  return text === 'queued' ? 1 : 0
}
