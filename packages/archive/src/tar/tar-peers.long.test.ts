import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { needs } from '../../../../test/harness/needs.ts'
import { mutatedTars } from '../test/mutate-tar.ts'
import { withFolder } from '../test/refuses.ts'
import { asGateReads } from '../test/tar-as-read.ts'

const run = promisify(execFile)

const TARS = 8000
const SEED = 1

/** Reads 0.tar, 1.tar, ... of its folder as `asGateReads` does. */
const PYTHON = `import json, re, tarfile
def plain(name):
    return re.sub(r"^(\\./)+|/$", "", name)
def read(path):
    found = {}
    with tarfile.open(path, "r:") as archive:
        for one in archive:
            if one.isdir(): text = "folder "
            elif one.issym(): text = "link " + one.linkname
            elif one.islnk(): text = "file " + plain(one.linkname)
            else: text = "file " + archive.extractfile(one).read().decode("latin1")
            found[plain(one.name)] = text
    return {path: text for path, text in found.items() if path not in ("", ".")}
def outcome(path):
    try: return read(path)
    except Exception as error: return {"error": repr(error)}
count = int(open("count").read())
json.dump([outcome(f"{index}.tar") for index in range(count)], open("read.json", "w"))
`

/** It takes a folder of old makers for an empty file, unlike GNU tar. */
function withoutFolders(read: Record<string, string>): Record<string, string> {
  const others = Object.entries(read).filter(([, text]) => text !== 'folder ' && text !== 'file ')
  return Object.fromEntries(others)
}

test('what of a mutated tar is accepted, Python reads the same', (context) => {
  needs(context, 'python')
  return withFolder(async (folder) => {
    const ours: Record<string, string>[] = []
    for (const tar of fc.sample(mutatedTars, { numRuns: TARS, seed: SEED })) {
      const read = await asGateReads(tar).catch(() => undefined)
      if (!read) continue
      await writeFile(join(folder, `${ours.length}.tar`), tar)
      ours.push(read)
    }
    expect(ours.length).toBeGreaterThan(TARS / 50)
    await writeFile(join(folder, 'count'), String(ours.length))
    await run('python3', ['-c', PYTHON], { cwd: folder })
    const theirs = JSON.parse(await readFile(join(folder, 'read.json'), 'utf8'))
    expect(ours.length).toBe(theirs.length)
    for (const [index, read] of ours.entries()) {
      expect(withoutFolders(theirs[index]), `seed ${SEED}`).toEqual(withoutFolders(read))
    }
  })
}, 120_000)
