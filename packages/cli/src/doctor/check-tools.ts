import { type Isolation, lacksOf, missing, type Tools } from '@packline/engine'
import type { Profile } from '@packline/shared'
import { type Checked, fine, lacks } from './checked.ts'

type MissingTool = Parameters<typeof missing>[0]

interface Chain {
  name: string
  /** What was found, with its version. */
  found(tools: Tools): (string | undefined)[]
  /** The first thing that is needed and not there. */
  lack(tools: Tools): MissingTool | undefined
}

type Single = 'npm' | 'uv' | 'maven' | 'gradle' | 'go' | 'cc' | 'make' | 'git'

const CHAINS: readonly Chain[] = [
  {
    name: 'nodejs',
    found: (tools) => [`Node.js ${tools.node.version}`, named(tools, 'npm')],
    lack: ({ npm }) => (npm ? undefined : 'npm'),
  },
  {
    name: 'python',
    found: (tools) => [...versions('Python', tools.pythons), named(tools, 'uv')],
    lack: ({ pythons, uv }) => {
      if (uv) return undefined
      if (pythons.length === 0) return 'python'
      return pythons.some(({ hasPip }) => hasPip) ? undefined : 'pip'
    },
  },
  {
    name: 'java',
    found: ({ jdks }) => versions('JDK', jdks),
    lack: ({ jdks }) => (jdks.length > 0 ? undefined : 'jdk'),
  },
  ...(['maven', 'gradle', 'go', 'cc', 'make', 'git'] as const).map(alone),
]

/** Each tool chain, and each version of the platform that none of them is new enough for. */
export function checkTools(tools: Tools, profile: Profile): Checked[] {
  const chains = CHAINS.map(({ name, found, lack }) => {
    const lacking = lack(tools)
    if (lacking === undefined) return fine(name, found(tools).filter(Boolean).join(', '))
    const { what, mend } = missing(lacking)
    return lacks(name, what, mend)
  })
  const isLacking = (queue: string) =>
    chains.some(({ name, state }) => name === queue && state !== 'fine')
  const versionsLacking = Object.entries(lacksOf(tools, profile)).flatMap(([queue, text]) => {
    const [runtime = ''] = queue.split('-')
    if (isLacking(runtime)) return []
    const [, said = text, mend = ''] = /^(.*?) \((.*)\)$/.exec(text) ?? []
    return [lacks(queue, said, mend)]
  })
  return [...chains, ...versionsLacking]
}

/** What fences in the tools that builds run. */
export function checkSandbox({ kind, description }: Isolation): Checked {
  if (kind === 'sandbox') return fine('sandbox', description)
  const said = description.replace(/^no sandbox: /, '')
  const [, mend = 'what is built here can reach all that you can: build only what you trust'] =
    /\((apt-get .*)\)/.exec(said) ?? []
  return lacks('sandbox', said.replace(/ \(apt-get .*\)/, ''), mend)
}

function alone(name: Single): Chain {
  return {
    name,
    found: (tools) => [tools[name]?.version],
    lack: (tools) => (tools[name] || name === 'npm' ? undefined : name),
  }
}

function named(tools: Tools, name: Single): string | undefined {
  const tool = tools[name]
  return tool && `${name} ${tool.version}`
}

function versions(title: string, tools: readonly { version: string }[]): string[] {
  return tools.length === 0 ? [] : [`${title} ${tools.map(({ version }) => version).join(', ')}`]
}
