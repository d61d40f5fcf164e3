import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { registryAccess } from '@packline/engine'
import type { BuildRequestInput, RegistrySettings } from '@packline/shared'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { testEngine } from '../harness/engine.ts'
import { needs } from '../harness/needs.ts'
import {
  expectBuilt,
  expectNoSecret,
  failureOf,
  type RegistryStandIn,
  startRegistryStandIn,
  TOKEN,
} from '../harness/registry-stand-in.ts'

const MINUTES = 5 * 60_000
const NAME = '@corp/only-here'

let place: RegistryStandIn
afterAll(() => place?.close())
beforeEach(async (context) => {
  needs(context, 'npm', 'openssl', 'git')
  place ??= await startRegistryStandIn()
  place.registry.requests.length = 0
})

/** The machine's own settings, for Yarn and pnpm themselves, and the stand-in for one scope. */
async function settingsWith(token: string): Promise<RegistrySettings> {
  const own: RegistrySettings = JSON.parse(process.env.PACKLINE_REGISTRIES ?? '{}')
  const authorities = [place.authority.path, ...(own.ca ? [own.ca] : [])]
  const ca = join(await mkdtemp(join(place.folder, 'ca-')), 'ca.pem')
  const texts = await Promise.all(authorities.map((path) => readFile(path, 'utf8')))
  await writeFile(ca, texts.join('\n'))
  const host = `//127.0.0.1:${place.registry.port}/npm/`
  const config = { '@corp:registry': `https:${host}`, [`${host}:_authToken`]: token }
  return { ...own, ca, npm: { ...own.npm, config: { ...own.npm?.config, ...config } } }
}

function requestFor(packageManager: string): BuildRequestInput {
  const files = {
    'index.js': `const word = require('${NAME}')\nexports.handler = () => word\n`,
    'package.json': JSON.stringify({ packageManager, dependencies: { [NAME]: '1.0.0' } }),
  }
  const build = { load: false }
  const source = { kind: 'inline', files } as const
  return { function: 'hello', runtime: 'nodejs', handler: 'index.handler', source, build }
}

async function built(packageManager: string, token = TOKEN) {
  const registries = await registryAccess(await settingsWith(token))
  const engine = await testEngine({
    registries,
    cacheFolder: await mkdtemp(join(place.folder, 'cache-')),
  })
  const build = await engine.build(requestFor(packageManager))
  await engine.close()
  expectNoSecret(build)
  return build
}

test.for(['yarn@1.22.22', 'yarn@4.18.1', 'pnpm@10.34.9', 'pnpm@12.21.0'])(
  '%s asks the registry of a scope with its token',
  { timeout: MINUTES },
  async (packageManager) => {
    expectBuilt(await built(packageManager))
    expect(place.registry.requests).toContain(`/npm/${NAME}/-/only-here-1.0.0.tgz`)
  },
)

test.for(['yarn@4.18.1', 'pnpm@10.34.9'])(
  '%s that is not let in says so',
  { timeout: MINUTES },
  async (packageManager) => {
    const failure = failureOf(await built(packageManager, 'npm_another_token'))
    expect(failure).toMatchObject({ code: 'INSTALL_FAILED', blame: 'caller' })
    expect(failure.detail).toContain('not let in')
  },
)
