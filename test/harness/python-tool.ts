import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fromPypi } from './pypi.ts'

const run = promisify(execFile)

const VERSIONS = { uv: '0.13.9', poetry: '2.5.1', pipenv: '2026.10.3' } as const
/** Poetry asks the registry by an interface that mirrors do not have; with this one it does not. */
const BESIDE: Partial<Record<PythonToolName, string[]>> = {
  poetry: ['poetry-plugin-pypi-mirror==0.6.5'],
}
/** pip knows where its registry is, whatever this machine has set. */
const WHERE = 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)'

export type PythonToolName = keyof typeof VERSIONS

/** A program that comes as a Python package, and how it is started. */
export interface PythonTool {
  version: string
  path: string
  env: Record<string, string>
}

export function isPythonTool(name: string): name is PythonToolName {
  return name in VERSIONS
}

/** One from the registry, beside the tests' caches; `python`: what has pip and runs it. */
export async function pythonTool(name: PythonToolName, python = 'python3'): Promise<PythonTool> {
  const version = VERSIONS[name]
  const folder = await fromPypi(python, { name, version, beside: BESIDE[name] })
  const { PIP_INDEX_URL: index = (await run(python, ['-c', WHERE])).stdout.trim() } = process.env
  const env = { PYTHONPATH: folder, POETRY_PYPI_MIRROR_URL: index }
  return { version, path: join(folder, 'bin', name), env }
}
