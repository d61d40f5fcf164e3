import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { userConfig } from '@packline/setup'
import { PacklineError } from '@packline/shared'
import { notWritable } from '../output-file.ts'

/** A server and the key that it knows us by. */
export interface Login {
  url: string
  key: string
}

/** Where the command line keeps the login of its user. */
export function loginFile(environment: NodeJS.ProcessEnv): string {
  return join(userConfig(environment), 'login.json')
}

/** Undefined where nobody is logged in; INVALID_REQUEST for a file that says something else. */
export async function readLogin(file: string): Promise<Login | undefined> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw unreadable(file, cause)
  })
  if (text === undefined) return undefined
  try {
    const { url, key } = Object(JSON.parse(text)) as Partial<Login>
    if (typeof url === 'string' && typeof key === 'string') return { url, key }
  } catch (cause) {
    throw unreadable(file, cause)
  }
  throw unreadable(file)
}

/** Whole or not at all, and for nobody else to read. */
export async function writeLogin(file: string, login: Login): Promise<void> {
  const partial = `${file}.${randomUUID()}`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(partial, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 })
    await chmod(partial, 0o600)
    await rename(partial, file)
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined)
    throw notWritable(file, cause)
  }
}

/** Whether there was one. */
export async function removeLogin(file: string): Promise<boolean> {
  const there = await readFile(file).then(
    () => true,
    () => false,
  )
  await rm(file, { force: true }).catch((cause: unknown) => {
    throw notWritable(file, cause)
  })
  return there
}

function unreadable(file: string, cause?: unknown): PacklineError {
  return new PacklineError('INVALID_REQUEST', `${file} does not hold a login`, {
    hint: 'Log in again: packline login URL.',
    cause,
  })
}
