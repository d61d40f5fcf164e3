import type { Finding } from '@packline/shared'
import type { Subject } from '../runtime.ts'

const WHEEL_BYTES_MAX = 64 * 1024
/** Names from before PEP 600 and the glibc that each stands for. */
const OLD_NAMES: Readonly<Record<string, number>> = {
  manylinux1: 5,
  manylinux2010: 12,
  manylinux2014: 17,
}

/**
 * Rule target-libc, as far as wheels tell it themselves: each says in its WHEEL file what it was
 * built for. The symbols of the native files have the last word (rules/target-libc).
 */
export async function checkWheels(subject: Subject): Promise<readonly Finding[]> {
  const { profile, package: packed } = subject
  const known = Number(profile.glibc.version.split('.')[1])
  const findings: Finding[] = []
  for (const { path, kind, size } of packed.archive.entries) {
    const name = /^([^/]+)\.dist-info\/WHEEL$/.exec(path)?.[1]
    if (name === undefined || kind !== 'file' || size > WHEEL_BYTES_MAX) continue
    const minor = oldestGlibc((await packed.archive.read(path, WHEEL_BYTES_MAX)).toString('utf8'))
    if (minor === undefined || minor <= known) continue
    findings.push({
      rule: 'target-libc',
      level: profile.glibc.level,
      message: `${name.replace('-', ' ')} is built for glibc 2.${minor}; ${profile.title} is known to have ${profile.glibc.version}`,
      hint: 'Ask for an older version of it, or set glibc.version in the profile when the platform has a newer one.',
      path,
    })
  }
  return findings
}

/** The least that one of the tags asks for; undefined: none asks for a glibc. */
function oldestGlibc(wheel: string): number | undefined {
  const tags = [...wheel.matchAll(/^Tag:\s*\S+?-\S+?-(\S+?)\s*$/gm)].flatMap(([, tag = '']) =>
    tag.split('.'),
  )
  const minors = tags.flatMap((tag) => {
    const minor = /^manylinux_2_(\d+)_/.exec(tag)?.[1]
    const old = OLD_NAMES[tag.split('_')[0] ?? '']
    return minor === undefined ? (old ?? []) : Number(minor)
  })
  return minors.length > 0 ? Math.min(...minors) : undefined
}
