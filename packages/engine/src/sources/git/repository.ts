import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type GitWork, mustGit, TRUSTING } from './run-git.ts'

/** A repository in the build's scratch, with no more in it than its mirror has. */
export async function openRepository(work: GitWork): Promise<void> {
  const { bench, mirror } = work
  await bench.folder('source')
  const config = join(await bench.folder('home'), 'gitconfig')
  await writeFile(config, TRUSTING)
  const shallow = join(await bench.folder('git'), 'shallow')
  if (mirror) await writeFile(shallow, mirror.commits.map((commit) => `${commit}\n`).join(''))
  const plain = ['--template=', '--initial-branch=packline']
  await mustGit(work, ['init', '-q', ...plain], 'none')
}

/** Another one can be opened then. */
export async function closeRepository({ bench }: Pick<GitWork, 'bench'>): Promise<void> {
  await Promise.all([bench.removeFolder('git'), bench.removeFolder('source')])
}
