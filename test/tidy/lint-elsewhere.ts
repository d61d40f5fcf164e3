import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runToEnd } from '@packline/setup'
import { ROOT } from './source-files.ts'

/**
 * Files of the tree that are not in it: written to a folder of their own with our biome.json, and
 * linted there. Answers the places that the rule about imports refuses, sorted.
 */
export async function lintElsewhere(files: { place: string; text: string }[]): Promise<string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'packline-lint-'))
  try {
    const settings = JSON.parse(await readFile(path.join(ROOT, 'biome.json'), 'utf8'))
    // No repository there, and nothing installed that the schema could be read from.
    const own = { ...settings, vcs: undefined, $schema: undefined }
    await writeFile(path.join(folder, 'biome.json'), JSON.stringify(own))
    for (const { place, text } of files) {
      await mkdir(path.join(folder, path.dirname(place)), { recursive: true })
      await writeFile(path.join(folder, place), text)
    }
    return await refusedPlaces(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function refusedPlaces(folder: string): Promise<string[]> {
  const biome = path.join(ROOT, 'node_modules/@biomejs/biome/bin/biome')
  const argv = [biome, 'lint', '--only=style/noRestrictedImports', '--colors=off'] as const
  const { output } = await runToEnd([process.execPath, ...argv], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '' },
    timeoutMs: 20_000,
  })
  const found = [...output.matchAll(/^(\S+?):\d+:\d+ lint\/style\/noRestrictedImports/gm)]
  if (!/^Checked \d+ files/m.test(output)) throw new Error(output)
  return found.map(([, place = '']) => place).sort()
}
