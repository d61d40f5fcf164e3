import { randomUUID } from 'node:crypto'
import type { Bind, ToolCommand } from './command.ts'
import type { Launch } from './launch.ts'

/**
 * A command where there is no sandbox (macOS, no bubblewrap). The paths that it names are those
 * inside, which do not exist here: each bind's target is replaced by its source in `cwd`, in the
 * arguments and in the environment's values, where it stands at the start or after "=", ":" or
 * "," and ends there or goes on with "/". Binds are not read-only and the network is open.
 */
export function unfenced(command: ToolCommand): Launch {
  const translate = translator(command.binds)
  const [file = '', ...args] = command.argv.map(translate)
  const marker = `PACKLINE_COMMAND=${randomUUID()}`
  const env = Object.fromEntries(
    Object.entries(command.env).map(([name, value]) => [name, translate(value)]),
  )
  const [name = '', value = ''] = marker.split('=')
  return {
    file,
    args,
    cwd: translate(command.cwd),
    env: { ...env, [name]: value },
    isFenced: false,
    marker,
  }
}

function translator(binds: readonly Bind[]): (text: string) => string {
  const sources = new Map(binds.map(({ from, to }) => [to, from]))
  if (sources.size === 0) return (text) => text
  // The longest target first: /build/home may be bound apart from /build.
  const targets = [...sources.keys()].sort((a, b) => b.length - a.length).map(escapePattern)
  const pattern = new RegExp(`(?<=^|[=:,])(?:${targets.join('|')})(?=$|[/:,])`, 'g')
  return (text) => text.replace(pattern, (target) => sources.get(target) ?? target)
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
