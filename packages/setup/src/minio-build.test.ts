import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { buildMinio, cachedMinio, MINIO_VERSION } from './minio-build.ts'

const GIB = 1024 ** 3

/** A `go` of the given version that writes what `go install` would; the real one takes minutes. */
function standIn(
  version: string,
  install = 'echo built > "$GOBIN/minio"; chmod +x "$GOBIN/minio"',
) {
  const folder = temporaryFolder()
  const bin = path.join(folder, 'bin')
  mkdirSync(bin)
  const calls = path.join(folder, 'calls')
  writeFileSync(
    path.join(bin, 'go'),
    `#!/bin/sh
if [ "$1" = version ]; then echo "go version go${version} linux/amd64"; exit; fi
echo "$* CGO_ENABLED=$CGO_ENABLED" >> "${calls}"
${install}
`,
  )
  chmodSync(path.join(bin, 'go'), 0o755)
  const environment = { PATH: `${bin}:/usr/bin:/bin`, XDG_CACHE_HOME: path.join(folder, 'cache') }
  const notes: string[] = []
  return { environment, notes, calls, note: (line: string) => notes.push(line) }
}

describe('buildMinio', () => {
  test('builds the pinned version into the user cache, once for two that ask at once', async () => {
    const { environment, note, calls, notes } = standIn('1.26.1')
    const both = await Promise.all([
      buildMinio({ environment, note }),
      buildMinio({ environment, note }),
    ])
    const place = path.join(environment.XDG_CACHE_HOME, 'packline/minio', MINIO_VERSION, 'minio')
    expect(both).toEqual([place, place])
    expect(cachedMinio(environment)).toBe(place)
    expect(readFileSync(calls, 'utf8')).toBe(
      `install -trimpath github.com/minio/minio@${MINIO_VERSION} CGO_ENABLED=0\n`,
    )
    expect(notes).toHaveLength(1)
  })

  test('leaves nothing behind when the build fails, and says why', async () => {
    const { environment, note } = standIn('1.24.0', 'echo "dial tcp: no route"; exit 1')
    await expect(buildMinio({ environment, note })).rejects.toThrow('go failed: dial tcp: no route')
    expect(existsSync(cachedMinio(environment))).toBe(false)
    expect(readdirSync(path.join(environment.XDG_CACHE_HOME, 'packline/minio'))).toEqual([])
  })

  test('says which Go it found when that is too old', async () => {
    const { environment, note } = standIn('1.19.8')
    await expect(buildMinio({ environment, note })).rejects.toThrow(
      'it needs Go 1.24 or newer, found go version go1.19.8 linux/amd64',
    )
  })

  test('says that there is no Go', async () => {
    const environment = { PATH: '/nonexistent', XDG_CACHE_HOME: temporaryFolder() }
    await expect(buildMinio({ environment, note: () => undefined })).rejects.toThrow('no Go here')
  })

  test.each([
    [{ disk: 5 * GIB, memory: 3 * GIB }, 'needs 6.0 GiB of free disk, found 5.0 GiB'],
    [{ disk: 6 * GIB, memory: 2 * GIB }, 'needs 3.0 GiB of free memory, found 2.0 GiB'],
  ])('says before it begins what there is too little of: %j', async (room, message) => {
    const { environment, note, calls } = standIn('1.26.1')
    const building = buildMinio({ environment, note, machine: async () => room })
    await expect(building).rejects.toThrow(`building it ${message}`)
    expect(existsSync(calls)).toBe(false)
  })

  test('says every while that it goes on', async () => {
    const { environment, note, notes } = standIn('1.26.1', 'sleep 1; echo built > "$GOBIN/minio"')
    await buildMinio({ environment, note, signOfLifeMs: 200 })
    expect(notes.length).toBeGreaterThan(3)
    for (const line of notes.slice(1)) expect(line).toMatch(/^MinIO: building, \d s \(2 to 4 min/)
  })

  test('removes what a build that was killed has left', async () => {
    const { environment, note } = standIn('1.26.1')
    const folder = path.join(environment.XDG_CACHE_HOME, 'packline/minio')
    const left = path.join(folder, `${MINIO_VERSION}.building-abc`)
    mkdirSync(left, { recursive: true })
    writeFileSync(path.join(left, 'half'), '')
    await buildMinio({ environment, note })
    expect(readdirSync(folder)).toEqual([MINIO_VERSION])
  })

  test('stops by its signal and leaves nothing behind', async () => {
    const { environment, note } = standIn('1.24.0', 'exec sleep 60')
    const signal = AbortSignal.timeout(500)
    await expect(buildMinio({ environment, note, signal })).rejects.toThrow('go was called off')
    expect(readdirSync(path.join(environment.XDG_CACHE_HOME, 'packline/minio'))).toEqual([])
  })
})
