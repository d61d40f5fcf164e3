import { writeZip } from '@packline/archive'
import { treeOf } from './subject.ts'

/** A build backend in the source itself: writes a file called poison as it is imported. */
const BACKEND = `import os
with open(os.path.join(os.environ.get('POISON', '/cache'), 'poison'), 'w') as file:
    file.write('poison')


def get_requires_for_build_wheel(settings=None):
    return []


def build_wheel(folder, settings=None, metadata=None):
    raise SystemExit('lib is built')


prepare_metadata_for_build_wheel = build_editable = build_wheel
`

/** A library called lib as a source, whose build leaves a file called poison in the cache. */
const LIB = {
  'pyproject.toml':
    '[project]\nname = "lib"\nversion = "1.0"\n[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
  'backend.py': BACKEND,
  'PKG-INFO': 'Metadata-Version: 2.2\nName: lib\nVersion: 1.0\n',
}

/** It as files below a folder. */
export function libBelow(folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(LIB).map(([name, text]) => [`${folder}/${name}`, text]))
}

/** It as a source distribution, lib-1.0.zip. */
export function libArchive(): Promise<Buffer> {
  return zipped(libBelow('lib-1.0'))
}

/** A wheel called needs-1.0-py3-none-any.whl that requires something. */
export function wheelThatNeeds(requirement: string): Promise<Buffer> {
  const info = 'needs-1.0.dist-info'
  const files = {
    'needs.py': 'X = 1\n',
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: needs\nVersion: 1.0\nRequires-Dist: ${requirement}\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  }
  const record = [...Object.keys(files), `${info}/RECORD`].map((path) => `${path},,\n`)
  return zipped({ ...files, [`${info}/RECORD`]: record.join('') })
}

async function zipped(files: Record<string, string>): Promise<Buffer> {
  const tree = treeOf(files)
  const entries = tree.files.map((file) => tree.entry(file))
  const { content } = await writeZip(entries, { memory: true, bytesMax: 1e6 })
  if (!('bytes' in content)) throw new Error('a ZIP in memory has no bytes')
  return content.bytes
}
