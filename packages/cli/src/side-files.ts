import { readFile, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { BuildOutcome } from '@packline/engine'
import { type BuildReport, deploymentOf, PacklineError, type Profile } from '@packline/shared'
import { checkWritable, notWritable } from './output-file.ts'
import type { Terminal } from './terminal.ts'

/** What is written beside a package when it is asked for: a path each, or "-" for stdout. */
export interface SideFiles {
  sbom?: string
  configuration?: string
  deployment?: string
}

type Succeeded = Extract<BuildOutcome, { status: 'succeeded' }>

/** Throws INVALID_REQUEST before anything is built where one of them can not be written. */
export async function checkSideFiles(files: SideFiles): Promise<void> {
  for (const path of [files.sbom, files.configuration, files.deployment]) {
    if (path !== undefined && path !== '-') await checkWritable(dirname(resolve(path)))
  }
}

/** The SBOM, the frozen configuration, and the platform's calls with the package itself in them. */
export async function writeSideFiles(
  files: SideFiles,
  { sbom, report }: Pick<Succeeded, 'sbom' | 'report'>,
  packagePath: string,
  profile: Profile,
  { stdout }: Pick<Terminal, 'stdout'>,
): Promise<void> {
  const write = async (path: string | undefined, text: () => string | Promise<string>) => {
    if (path === '-') stdout.write(`${await text()}\n`)
    else if (path !== undefined) await writeWhole(resolve(path), await text())
  }
  await write(files.sbom, () => sbom)
  await write(files.configuration, () => JSON.stringify(report.configuration, null, 2))
  await write(files.deployment, () => deploymentText(report, packagePath, profile))
}

async function deploymentText(report: BuildReport, path: string, profile: Profile) {
  const file = report.deploy?.direct ? await readFile(path, 'base64') : undefined
  const deployment = deploymentOf(report, profile, file)
  if (deployment) return JSON.stringify(deployment, null, 2)
  throw new PacklineError(
    'INVALID_REQUEST',
    `${profile.title} has no call that takes the package`,
    {
      hint: 'Its profile says nothing of calls (deployment), or the package is too large for any.',
    },
  )
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(path, `${text}\n`).catch((cause: unknown) => {
    throw notWritable(path, cause)
  })
}
