import { type Client, packlineClient } from '@packline/client'
import { PacklineError } from '@packline/shared'
import type { Terminal } from '../terminal.ts'
import { type Login, loginFile, readLogin } from './login-file.ts'

/** The server that commands ask, and who said so. */
export interface FoundServer extends Login {
  because: string
}

/**
 * PACKLINE_URL and PACKLINE_KEY win, each by itself, over the login of this user. Undefined where
 * neither says which server, or by which key.
 */
export async function findServer(environment: NodeJS.ProcessEnv): Promise<FoundServer | undefined> {
  const { PACKLINE_URL: url, PACKLINE_KEY: key } = environment
  if (url && key) return { url, key, because: 'PACKLINE_URL and PACKLINE_KEY' }
  const file = loginFile(environment)
  const login = await readLogin(file)
  // A key is told to no other server than the one that it was given for.
  if (url && login?.url !== url) return undefined
  if (!login) return undefined
  return { url: login.url, key: key || login.key, because: key ? 'PACKLINE_KEY' : file }
}

/** Its API. Throws SERVER_UNREACHABLE where nobody is logged in. */
export async function serverOf({ environment, language }: Terminal): Promise<Client> {
  const found = await findServer(environment)
  if (found) return packlineClient({ ...found, language })
  const { PACKLINE_URL: url } = environment
  const what = url ? `There is no key for ${url}` : 'No server is known'
  throw new PacklineError('SERVER_UNREACHABLE', what, {
    hint: 'Log in with packline login URL, or set PACKLINE_URL and PACKLINE_KEY.',
  })
}
