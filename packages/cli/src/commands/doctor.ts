import { findIsolation, findTools } from '@packline/engine'
import { loadProfile } from '@packline/profiles'
import { columns } from '@packline/terminal'
import { checkRedis, checkServer, checkStore } from '../doctor/check-services.ts'
import { checkSandbox, checkTools } from '../doctor/check-tools.ts'
import { broken, type Checked } from '../doctor/checked.ts'
import { findBwrap } from '../find-unpacked.ts'
import type { Terminal } from '../terminal.ts'

interface DoctorOptions {
  profile: string
  json?: boolean
}

/**
 * `packline doctor`: what is here, and the one line that mends each thing that is not. Exits with 1
 * where something that was named does not work; what is merely not here is no mistake.
 */
export async function doctor(
  { environment, stdout }: Terminal,
  { profile: name, json }: DoctorOptions,
): Promise<number> {
  const profile = await loadProfile(name)
  const { PATH: path = '', HOME: home = '/nonexistent' } = environment
  const [tools, isolation, ...services] = await Promise.all([
    findTools({ path, home }),
    findIsolation({ bwrap: findBwrap(environment), path }),
    checkRedis(environment),
    checkStore(environment),
    checkServer(environment).catch((error: Error) => [
      broken('server', error.message, 'packline login URL'),
    ]),
  ])
  const checks = [...checkTools(tools, profile), checkSandbox(isolation), ...services.flat()]
  stdout.write(`${json ? JSON.stringify({ checks }) : columns(checks.map(cellsOf))}\n`)
  return checks.some(({ state }) => state === 'broken') ? 1 : 0
}

function cellsOf({ name, state, said, mend }: Checked): string[] {
  return [name, state === 'fine' ? 'fine' : 'no', mend === undefined ? said : `${said}: ${mend}`]
}
