import type { BuildEvent } from '@packline/shared'
import { createLogUpdate } from 'log-update'

/** Shows what each build is doing: a live block on a terminal, else one plain line per change. */
export interface Progress {
  say(name: string, text: string): void
  end(name: string, text: string): void
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

function live(output: NodeJS.WriteStream): Progress {
  const block = createLogUpdate(output)
  const running = new Map<string, string>()
  const draw = () => {
    const rows = [...running].map(([name, text]) => `  ${name}  ${text}`)
    block(rows.slice(0, Math.max(1, (output.rows ?? 24) - 2)).join('\n'))
  }
  return {
    say: (name, text) => {
      running.set(name, text)
      draw()
    },
    end: (name, text) => {
      running.delete(name)
      block.clear()
      output.write(`  ${name}: ${text}\n`)
      draw()
    },
    close: () => block.done(),
  }
}

/** An event in a few words; undefined for one that says nothing new to somebody who watches. */
export function inWords(event: BuildEvent): string | undefined {
  switch (event.type) {
    case 'queued':
      return 'queued'
    case 'waiting':
      return `waits for ${event.for}`
    case 'detected':
      return `${event.runtime} (${event.because})`
    case 'stage':
      return event.stage
    case 'step':
      return event.status === 'started' ? event.step : undefined
    case 'requeued':
      return `again in ${event.delayMs} ms: ${event.reason}`
    case 'succeeded':
      return `${event.verdict.verdict}, ${size(event.package.size)}`
    case 'failed':
      return `failed: ${event.failure.code}`
    case 'cancelled':
      return `cancelled: ${event.reason}`
    default:
      return undefined
  }
}

/** Bytes as people read them, in binary units. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`
}
