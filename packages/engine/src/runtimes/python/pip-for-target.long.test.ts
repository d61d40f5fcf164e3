import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { needs } from '../../../../../test/harness/needs.ts'
import { fromPypi } from '../../../../../test/harness/pypi.ts'
import { libArchive, libBelow, wheelThatNeeds } from '../../../../../test/harness/python-sources.ts'
import { temporaryFolder } from '../../../../../test/harness/temporary-folder.ts'
import { findTools } from '../../tools/tools.ts'
import { isPython3 } from './interpreters.ts'
import { markerEnvironment } from './manifests/marker.ts'

const MS_MAX = 300_000
const NEWEST = '26.3'
const SCRIPT = join(import.meta.dirname, 'pip-for-target.py')

const { pythons } = await findTools({ path: process.env.PATH ?? '', home: homedir() })
const able = pythons.filter((python) => python.hasPip && isPython3(python))
/** One Python of each version of pip that is here. */
const byPip = new Map(able.map(({ path }) => [pipOf(path), path]))
const PIPS = [
  ...[...byPip].map(([title, path]) => ({ title, path, own: true })),
  ...able.slice(0, 1).map(({ path }) => ({ title: `pip ${NEWEST}`, path, own: false })),
]

/** "pip 24.2". */
function pipOf(python: string): string {
  const { stdout } = spawnSync(python, ['-I', '-m', 'pip', '--version'], { encoding: 'utf8' })
  return stdout.split(' ').slice(0, 2).join(' ')
}

/** Lists that ask for lib, which `{}` has as an archive and a folder. */
const LISTS: Record<string, string> = {
  'an option that has it build': '--find-links {}\n--no-binary lib\nlib\n',
  'the beginning of an option': '--find-links {}\n--no-bin lib\nlib\n',
  'an address': 'lib @ file://{}/lib-1.0.zip\n',
  'a bare address': 'file://{}/lib-1.0.zip\n',
  'a folder': 'lib @ file://{}/lib\n',
  'an editable folder': '-e {}/lib\n',
  'a folder called like a wheel': 'lib @ file://{}/lib-1.0-py3-none-any.whl\n',
  'a repository': 'lib @ git+file://localhost{}/lib\n',
  'a repository called like a wheel': 'lib @ hg+file://localhost{}/lib-1.0-py3-none-any.whl\n',
  'a wheel that needs an archive': '{}/of-archive/needs-1.0-py3-none-any.whl\n',
  'a wheel that needs a folder': '{}/of-folder/needs-1.0-py3-none-any.whl\n',
}

/** Of these it is shown that their code runs where it may. */
const BUILT = ['the beginning of an option', 'an address', 'a wheel that needs an archive']

test.for(PIPS)(
  '$title builds nothing where wheels only are to be taken',
  {
    timeout: MS_MAX,
  },
  async ({ path: python, own }, context) => {
    needs(context, 'pip')
    const pip = own ? undefined : await fromPypi(python, { name: 'pip', version: NEWEST })
    const source = await sources()
    for (const [title, list] of Object.entries(LISTS)) {
      const text = list.replaceAll('{}', source)
      const { status, output, poison } = await installed(python, pip, text, false)
      expect([title, poison]).toEqual([title, []])
      expect([title, status]).not.toEqual([title, 0])
      // What install.py goes by; what is no wheel fails by itself.
      if (title.endsWith('folder called like a wheel')) continue
      expect(output, title).toMatch(/No matching distribution found for lib/)
    }
    for (const title of BUILT) {
      const text = LISTS[title]?.replaceAll('{}', source) ?? ''
      const { poison } = await installed(python, pip, text, true)
      expect([title, poison]).toEqual([title, ['poison']])
    }
  },
)

async function sources(): Promise<string> {
  // Without the blank of our temporary folders, which would end an address.
  const folder = await mkdtemp(join(tmpdir(), 'packline-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const put = async (path: string, content: string | Buffer) => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  const files = [
    ...Object.entries(libBelow('lib')),
    ...Object.entries(libBelow('lib-1.0-py3-none-any.whl')),
  ]
  for (const [path, text] of files) await put(path, text)
  await put('lib-1.0.zip', await libArchive())
  const wheel = 'needs-1.0-py3-none-any.whl'
  await put(`of-archive/${wheel}`, await wheelThatNeeds(`lib @ file://${folder}/lib-1.0.zip`))
  await put(`of-folder/${wheel}`, await wheelThatNeeds(`lib @ file://${folder}/lib`))
  return folder
}

/** Runs a pip on a list as install.py does; what its builds left and what it said. */
async function installed(python: string, pip: string | undefined, list: string, builds: boolean) {
  const home = temporaryFolder()
  const poisoned = join(home, 'cache')
  await mkdir(poisoned)
  await cp(SCRIPT, join(home, 'pip-for-target.py'))
  await writeFile(join(home, 'install.json'), JSON.stringify({ builds }))
  await writeFile(join(home, 'markers.json'), JSON.stringify(markerEnvironment('3.10', 'x86_64')))
  await writeFile(join(home, 'requirements.txt'), list)
  const start = `import runpy, sys
sys.path[:0] = ${JSON.stringify(pip === undefined ? [] : [pip])}
runpy.run_path('pip-for-target.py', run_name='__main__')
`
  const fit = ['--python-version', '3.10', '--implementation', 'cp', '--abi', 'cp310']
  const flags = [...fit, '--platform', 'manylinux1_x86_64', '--only-binary=:all:', '--no-index']
  const wanted = ['--target', 'output', ...flags, '--no-input', '-r', 'requirements.txt']
  const { status, stdout, stderr } = spawnSync(python, ['-I', '-c', start, 'install', ...wanted], {
    cwd: home,
    env: { PATH: '/usr/bin:/bin', HOME: home, POISON: poisoned, PIP_CACHE_DIR: join(home, 'pip') },
    encoding: 'utf8',
  })
  return { status, output: `${stdout}\n${stderr}`, poison: await readdir(poisoned) }
}
