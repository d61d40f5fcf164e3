import { glob, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { registryAccess } from '@packline/engine'
import type { RegistrySettings } from '@packline/shared'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { javaRequest } from '../../packages/engine/src/runtimes/java/test/builds.ts'
import { type TestBuild, testEngine } from '../harness/engine.ts'
import { needs } from '../harness/needs.ts'
import { MAVEN_GROUP } from '../harness/registry-content.ts'
import { REGISTRY_HOST } from '../harness/registry-server.ts'
import {
  expectBuilt,
  expectNoSecret,
  failureOf,
  PASSWORD,
  type RegistryStandIn,
  startRegistryStandIn,
} from '../harness/registry-stand-in.ts'

const MINUTES = 5 * 60_000

/** Maven's own plugins come from where this machine has them, once; only the library is ours. */
const CACHE = join(import.meta.dirname, '../../.local/test-cache')

const LIBRARY = `<dependency><groupId>${MAVEN_GROUP}</groupId><artifactId>only-here</artifactId>
<version>1.0.0</version></dependency>`
const JAR = `/maven/${MAVEN_GROUP.replaceAll('.', '/')}/only-here/1.0.0/only-here-1.0.0.jar`

let place: RegistryStandIn
afterAll(() => place?.close())
beforeEach(async (context) => {
  needs(context, 'openssl', 'git', 'java', 'maven')
  place ??= await prepare()
  place.registry.requests.length = 0
  place.proxy.opened.length = 0
}, MINUTES)

async function prepare(): Promise<RegistryStandIn> {
  const engine = await testEngine()
  await engine.build(javaRequest(project('')))
  await engine.close()
  return startRegistryStandIn()
}

function project(inside: string) {
  return {
    'pom.xml': `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>com.example</groupId><artifactId>hello</artifactId><version>1.0</version>${inside}</project>`,
    'src/main/java/com/example/Hello.java':
      'package com.example;\npublic class Hello { public String handle(String event) { return event; } }\n',
  }
}

/** Builds with the library, which no cache has, then takes it out of the cache again. */
async function buildWith(settings: RegistrySettings, more = ''): Promise<TestBuild> {
  const engine = await testEngine({ registries: await registryAccess(settings) })
  const inside = `<dependencies>${LIBRARY}</dependencies>${more}`
  const built = await engine.build(javaRequest(project(inside), { build: { load: false } }))
  await engine.close()
  for await (const path of glob('*/*/maven/example/packline', { cwd: CACHE })) {
    await rm(join(CACHE, path), { recursive: true })
  }
  expectNoSecret(built)
  return built
}

const mirror = (address: string) => ({ maven: { mirror: `${address}/maven` } })

test(
  'Maven fetches from the mirror that the worker names, by its authority',
  async () => {
    const built = await buildWith({ ...mirror(place.direct), ca: place.authority.path })
    expectBuilt(built)
    expect(place.registry.requests).toContain(JAR)
  },
  MINUTES,
)

test(
  'Maven refuses a mirror whose authority nobody named',
  async () => {
    const built = await buildWith(mirror(place.direct))
    expect(failureOf(built).code).toBe('REGISTRY_UNAVAILABLE')
    expect(place.registry.requests).toEqual([])
  },
  MINUTES,
)

test(
  'Maven goes through the proxy that the worker names, which wants a password',
  async () => {
    const built = await buildWith({
      ...mirror(place.behindProxy),
      ca: place.authority.path,
      proxy: { https: place.proxyAddress },
    })
    expectBuilt(built)
    expect(place.proxy.opened).toContain(`${REGISTRY_HOST}:443`)
    expect(place.registry.requests).toContain(JAR)
  },
  MINUTES,
)

test(
  'Maven reads the settings file that the worker names, though only the worker may',
  async () => {
    const settings = join(place.folder, 'settings.xml')
    const server = `<server><id>near</id><username>me</username><password>${PASSWORD}</password></server>`
    const repository = `<repository><id>near</id><url>${place.registry.url}/maven</url></repository>`
    const profile = `<profile><id>near</id><repositories>${repository}</repositories></profile>`
    await writeFile(
      settings,
      `<settings><servers>${server}</servers><profiles>${profile}</profiles>
<activeProfiles><activeProfile>near</activeProfile></activeProfiles></settings>`,
      { mode: 0o600 },
    )
    const built = await buildWith({ ca: place.authority.path, maven: { settings } })
    expectBuilt(built)
    expect(place.registry.requests).toContain(JAR)
  },
  MINUTES,
)

test(
  'a project that makes Maven print the password does not show it',
  async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Maven's own form
    const flag = '-X${settings.servers[0].password}'
    const more = `<build><plugins><plugin><artifactId>maven-compiler-plugin</artifactId>
<configuration><compilerArgument>${flag}</compilerArgument></configuration></plugin></plugins></build>`
    const built = await buildWith({ ...mirror(place.direct), ca: place.authority.path }, more)
    expect(failureOf(built).detail).toContain('invalid flag: -X***')
    expect(built.log.join('\n')).toContain('invalid flag: -X***')
  },
  MINUTES,
)
