import { createLogUpdate } from 'log-update'

/** Lines below the block that belong to the terminal itself. */
const ROWS_KEPT = 2
const ROWS_DEFAULT = 24
const CLOCK_MS = 1000
/** Before that a clock would only flicker. */
const SHOW_SECONDS_FROM = 2

/** Shows what each build is doing: a live block on a terminal, else one plain line per change. */
export interface Progress {
  say(name: string, text: string): void
  end(name: string, text: string): void
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
  return { say, end: say, close: () => undefined }
}

interface Running {
  text: string
  since: number
}

function live(output: NodeJS.WriteStream): Progress {
  const block = createLogUpdate(output)
  const running = new Map<string, Running>()
  const draw = () => block(rowsOf(running, output))
  // Shows that a long stage is alive.
  const clock = setInterval(draw, CLOCK_MS)
  return {
    say: (name, text) => {
      running.set(name, { text, since: performance.now() })
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
function rowsOf(running: ReadonlyMap<string, Running>, output: NodeJS.WriteStream): string {
  const entries = [...running].toSorted(([, one], [, other]) => rank(one) - rank(other))
  const width = Math.max(0, ...entries.map(([name]) => name.length))
  const rows = entries.map(([name, { text, since }]) => {
    const seconds = Math.floor((performance.now() - since) / 1000)
    const clock = seconds >= SHOW_SECONDS_FROM ? `  ${seconds} s` : ''
    return `  ${name.padEnd(width)}  ${text}${clock}`.slice(0, output.columns ?? 80)
  })
  const most = Math.max(1, (output.rows ?? ROWS_DEFAULT) - ROWS_KEPT)
  if (rows.length <= most) return rows.join('\n')
  return [...rows.slice(0, most - 1), `  and ${rows.length - most + 1} more`].join('\n')
}

function rank({ text }: Running): number {
  return text === 'queued' ? 1 : 0
}
