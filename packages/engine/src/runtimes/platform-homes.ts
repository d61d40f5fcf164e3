import { posix } from 'node:path'
import { RUNTIMES, type RuntimeName, type Words } from '@packline/shared'
import type { Bind } from '../process/command.ts'
import { REASONS } from '../texts/verdict.ts'
import type { Tools } from '../tools/tools.ts'
import type { Order } from './runtime.ts'

/**
 * An interpreter of the platform that a script starts by its path, and what stands in for it here.
 */
export interface StandIn {
  title: string
  binds: readonly Bind[]
  /** Whether it is the version that the path names; otherwise why it is not. */
  same: boolean
  because?: Words
}

/** What a script starts; `lacking`: the first path that nothing on this worker can stand in for. */
export type Started = { standIns: readonly StandIn[] } | { lacking: string }

/**
 * The vendor's bootstrap scripts name interpreters by the platform's own paths (profile: `home`).
 * Whatever of this worker is nearest to each is shown at that path.
 */
export function standInsFor(script: string, { profile, tools, request }: Order): Started {
  const folder = `${posix.dirname(profile.codeRoot)}/runtime/`
  const paths = [...script.matchAll(/(?<![\w.-])\/[\w.+/-]+/g)].map(([path]) => path)
  const standIns = new Map<string, StandIn>()
  for (const path of paths.filter((one) => one.startsWith(folder))) {
    const place = placeOf(path, profile)
    const standIn = place && CHOICES[place.runtime]?.(place, tools)
    if (!place || !standIn) return { lacking: path }
    const asked = place.runtime === request.runtime ? request.version : place.version
    standIns.set(place.home, asked === place.version ? standIn : notAsked(standIn, place, asked))
  }
  return { standIns: [...standIns.values()] }
}

/** It starts, and yet it says nothing of the version that the function is deployed with. */
function notAsked(standIn: StandIn, { runtime, version }: Place, asked: string): StandIn {
  const { title } = RUNTIMES[runtime]
  return { ...standIn, same: false, because: REASONS.startsNotAsked(title, version, asked) }
}

interface Place {
  runtime: RuntimeName
  version: string
  home: string
  /** The program's path. */
  path: string
}

function placeOf(path: string, { runtimes }: Order['profile']): Place | undefined {
  for (const [name, { home, versions }] of Object.entries(runtimes)) {
    for (const { version } of home === undefined ? [] : versions) {
      const folder = home?.replaceAll('{version}', version) ?? ''
      if (!path.startsWith(`${folder}/`)) continue
      return { runtime: name as RuntimeName, version, home: folder, path }
    }
  }
  return undefined
}

type Choose = (place: Place, tools: Tools) => StandIn | undefined

const CHOICES: Partial<Record<RuntimeName, Choose>> = {
  nodejs: ({ version, path }, { nodes, node }) => {
    const major = (text: string) => text.split('.')[0]
    const same = nodes.find((one) => major(one.version) === major(version))
    const chosen = same ?? node
    const binds = [{ from: chosen.path, to: path }]
    return { title: `Node.js ${chosen.version}`, binds, ...sameness(same, `Node.js ${version}`) }
  },
  python: ({ version, home, path }, { pythons }) => {
    const same = pythons.find((one) => one.version.startsWith(`${version}.`))
    const chosen = same ?? pythons[0]
    if (!chosen) return undefined
    const [prefix] = chosen.binds
    // The system's own finds its library below /usr; any other beside itself, or by the path that
    // was written into it when it was built.
    const binds = prefix
      ? [home, prefix].map((to) => ({ from: prefix, to }))
      : [{ from: chosen.path, to: path }]
    return { title: `Python ${chosen.version}`, binds, ...sameness(same, `Python ${version}`) }
  },
  java: ({ version, home }, { jdks }) => {
    const same = jdks.find((one) => String(one.release) === version)
    const chosen = same ?? jdks[0]
    if (!chosen) return undefined
    const binds = [{ from: chosen.home, to: home }]
    return { title: `Java ${chosen.version}`, binds, ...sameness(same, `Java ${version}`) }
  },
}

function sameness(same: unknown, asked: string): Pick<StandIn, 'same' | 'because'> {
  return same ? { same: true } : { same: false, because: REASONS.startsOther(asked) }
}
