import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Authority, makeAuthority } from './authority.ts'
import type { TestBuild } from './engine.ts'
import { makeRepository, serveRepositories } from './git-server.ts'
import { registryAnswers } from './registry-content.ts'
import {
  type ConnectProxy,
  REGISTRY_HOST,
  type RegistryServer,
  serveProxy,
  serveRegistries,
} from './registry-server.ts'

export const PASSWORD = 'hush-hush-registry'
export const TOKEN = 'npm_hush_hush_token'
const PROXY_PASSWORD = 'hush-hush-proxy'

/** Registries and a proxy that only who was told of them can use. */
export interface RegistryStandIn {
  folder: string
  authority: Authority
  registry: RegistryServer
  proxy: ConnectProxy
  /** The registry's address with user and password: on loopback, and by its name for the proxy. */
  direct: string
  behindProxy: string
  /** The proxy's address with user and password. */
  proxyAddress: string
  close(): Promise<void>
}

/** Starts them, with a git repository at /git/app.git: `needs(context, 'openssl', 'git')`. */
export async function startRegistryStandIn(): Promise<RegistryStandIn> {
  const folder = await mkdtemp(join(tmpdir(), 'packline registries-'))
  const authority = makeAuthority(folder)
  await makeRepository(join(folder, 'git/app.git'), { 'index.js': 'exports.handler = () => 1\n' })
  const git = await serveRepositories(join(folder, 'git'))
  const basic = Buffer.from(`me:${PASSWORD}`).toString('base64')
  const registry = await serveRegistries({
    authority,
    answers: registryAnswers,
    authorizations: [`Basic ${basic}`, `Bearer ${TOKEN}`],
    gitUrl: git.url,
  })
  const proxy = await serveProxy(`me:${PROXY_PASSWORD}`, registry.port)
  return {
    folder,
    authority,
    registry,
    proxy,
    direct: `https://me:${PASSWORD}@127.0.0.1:${registry.port}`,
    behindProxy: `https://me:${PASSWORD}@${REGISTRY_HOST}`,
    proxyAddress: `http://me:${PROXY_PASSWORD}@127.0.0.1:${proxy.port}`,
    close: async () => {
      await Promise.all([registry.close(), proxy.close(), git.close()])
      await rm(folder, { recursive: true })
    },
  }
}

/** Whatever a build tells: its result, report, events, log. */
export function expectNoSecret({ outcome, events, log, pins }: TestBuild): void {
  const told = JSON.stringify([outcome, events, log, pins])
  for (const secret of [PASSWORD, TOKEN, PROXY_PASSWORD]) {
    expect(told).not.toContain(secret)
    expect(told).not.toContain(Buffer.from(`me:${secret}`).toString('base64'))
  }
}

export function expectBuilt({ outcome }: TestBuild): void {
  if (outcome.status === 'failed') throw new Error(JSON.stringify(outcome.failure, null, 2))
}

export function failureOf({ outcome }: TestBuild) {
  if (outcome.status === 'succeeded') throw new Error('it was built')
  return outcome.failure
}
