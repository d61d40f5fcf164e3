import type { Architecture } from '@packline/shared'

/** What a wheel's file name must fit (PEP 425): given by the platform, never by this worker. */
export interface WheelTarget {
  /** Such as "3.10". */
  python: string
  abi: string
  architecture: Architecture
  /** Minor version of the platform's glibc 2. */
  glibcMinor: number
}

/** Oldest glibc that wheels are made for: manylinux1 (PEP 513), on ARM manylinux2014 (PEP 599). */
const OLDEST_GLIBC: Record<Architecture, number> = { x86_64: 5, aarch64: 17 }
/** Names from before PEP 600, each the same as the manylinux_2_N that stands before it. */
const OLD_NAMES: Readonly<Record<number, string>> = {
  17: 'manylinux2014',
  12: 'manylinux2010',
  5: 'manylinux1',
}
/** The glibc 2 minors that uv has a target for; a lower one is safe, a higher one is not. */
const UV_GLIBC_MINORS = [40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 28, 17]

export function wheelTarget(
  python: string,
  architecture: Architecture,
  glibc: string,
): WheelTarget {
  const glibcMinor = Number(glibc.split('.')[1])
  return { python, abi: abiOf(python), architecture, glibcMinor }
}

/**
 * Every platform tag that the platform's glibc can load, the newest first: pip needs each named.
 */
export function pipPlatforms({ architecture, glibcMinor }: WheelTarget): string[] {
  const tags: string[] = []
  for (let minor = glibcMinor; minor >= OLDEST_GLIBC[architecture]; minor -= 1) {
    tags.push(`manylinux_2_${minor}_${architecture}`)
    const old = OLD_NAMES[minor]
    if (old) tags.push(`${old}_${architecture}`)
  }
  return tags
}

/** The nearest target of uv that asks for no newer glibc; undefined: uv knows none so old. */
export function uvPlatform({ architecture, glibcMinor }: WheelTarget): string | undefined {
  const minor = UV_GLIBC_MINORS.find((known) => known <= glibcMinor)
  return minor === undefined ? undefined : `${architecture}-manylinux_2_${minor}`
}

/** CPython's own tag: with "m" up to 3.7, and "mu" as Linux distributions built 2.7. */
function abiOf(python: string): string {
  const [major = 3, minor = 0] = python.split('.').map(Number)
  const flags = major === 2 ? 'mu' : minor < 8 ? 'm' : ''
  return `cp${major}${minor}${flags}`
}
