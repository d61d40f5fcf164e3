import { spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeZip } from '../write.ts'
import { type Crafted, craftZip, unicodePathField, zip64Field } from './craft-zip.ts'
import { makeSmallTree } from './made-archive.ts'
import { withFolder } from './refuses.ts'

/**
 * Archives that the gate accepts, for mutations to start from: one of everything that it knows, as
 * our own writer makes them, as other programs do that this machine has, and those of a folder.
 */
export async function fuzzSeeds(folder?: string): Promise<Buffer[]> {
  const own = [...CRAFTED, await written(false), await written(true)]
  return [...own, ...(await madeByPrograms()), ...(folder ? await readArchives(folder) : [])]
}

const CRAFTED: readonly Buffer[] = [
  craftZip([{ name: 'a.txt', content: 'hello' }, { name: 'd/' }, { name: 'd/b', content: 'x' }]),
  craftZip([{ name: 'a', content: 'x'.repeat(5000), descriptor: 'signed' }, { name: 'b' }]),
  craftZip([
    { name: 'l', content: 'd/f', mode: 0o120777 },
    { name: 'd/f', mode: 0o100755 },
  ]),
  craftZip([{ name: 'a', content: 'x' }], { zip64: {}, count: 0xffff, comment: 'a comment' }),
  craftZip([zip64Entry()], { zip64: {}, size: 0xffffffff, offset: 0xffffffff }),
  craftZip([unicodeEntry(), { name: 'META-INF/MANIFEST.MF', content: 'Manifest-Version: 1.0' }]),
]

/** As our own writer makes it. */
async function written(jar: boolean): Promise<Buffer> {
  const texts = { 'a.txt': 'hello', 'd/run': 'x'.repeat(3000), '中/文': '' }
  const entries = Object.entries(texts).map(([path, text]) => {
    const content = Buffer.from(text)
    return { path, executable: path === 'd/run', size: content.length, content }
  })
  const { content } = await writeZip(entries, { memory: true }, { jar })
  return 'bytes' in content ? content.bytes : Buffer.alloc(0)
}

function zip64Entry(): Crafted {
  const sizes = { size: 0xffffffff, packedSize: 0xffffffff, extra: zip64Field(5, 5) }
  return { name: 'z', content: 'hello', method: 0, both: sizes }
}

function unicodeEntry(): Crafted {
  const name = Buffer.from([0x82])
  return { name, content: 'x', both: { extra: unicodePathField(name, 'é') } }
}

/** Commands that pack the folder that they are started in. */
const PROGRAMS: readonly (readonly [string, ...string[]])[] = [
  ['zip', '-q', '-r', '-y', '../a.zip', '.'],
  ['zip', '-q', '-r', '-fd', '../a.zip', '.'],
  ['python3', '-m', 'zipfile', '-c', '../a.zip', '.'],
  ['7zz', 'a', '-bd', '-snl', '-tzip', '../a.zip', '.'],
  ['jar', 'cf', '../a.zip', '.'],
]

async function madeByPrograms(): Promise<Buffer[]> {
  const made: Buffer[] = []
  for (const [program, ...args] of PROGRAMS) {
    await withFolder(async (folder) => {
      const cwd = join(folder, 'in')
      await makeSmallTree(cwd)
      if (spawnSync(program, args, { cwd }).status !== 0) return
      made.push(await readFile(join(folder, 'a.zip')))
    })
  }
  return made
}

async function readArchives(folder: string): Promise<Buffer[]> {
  const paths = await readdir(folder, { recursive: true })
  const archives = paths.filter((path) => /\.(?:zip|jar)$/.test(path)).toSorted()
  return Promise.all(archives.map((path) => readFile(join(folder, path))))
}
