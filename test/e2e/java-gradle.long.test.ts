import { rm } from 'node:fs/promises'
import { registryAccess } from '@packline/engine'
import { describe, expect, it } from 'vitest'
import {
  failureOf,
  javaRequest,
  LIBRARY,
  pathsOf,
  WITH_LIBRARY,
} from '../../packages/engine/src/runtimes/java/test/builds.ts'
import { testEngine } from '../harness/engine.ts'
import { needs } from '../harness/needs.ts'
import { MAVEN_GROUP } from '../harness/registry-content.ts'
import { REGISTRY_HOST } from '../harness/registry-server.ts'
import { expectNoSecret, startRegistryStandIn } from '../harness/registry-stand-in.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

const MINUTES = 6 * 60_000

const project = (dependency: string) => ({
  'settings.gradle': "rootProject.name = 'shop'\ninclude 'core', 'app'\n",
  'build.gradle': `subprojects {
  apply plugin: 'java'
  repositories { mavenCentral() }
}
`,
  'core/src/main/java/lib/Text.java': LIBRARY,
  'app/build.gradle': `dependencies {\n  compile project(':core')\n  compile '${dependency}'\n}\n`,
  'app/src/main/java/com/example/Hello.java': WITH_LIBRARY,
})

describe('what the worker says about registries', () => {
  it(
    'reaches Gradle: the mirror with its authority and password, behind the proxy with its own',
    async (context) => {
      needs(context, 'java', 'gradle', 'openssl', 'git')
      const place = await startRegistryStandIn()
      const cacheFolder = temporaryFolder()
      const registries = await registryAccess({
        maven: { mirror: `${place.behindProxy}/maven` },
        ca: place.authority.path,
        proxy: { https: place.proxyAddress },
      })
      const told = await testEngine({ registries, cacheFolder })
      try {
        const files = project(`${MAVEN_GROUP}:only-here:1.0.0`)
        const built = await told.build(javaRequest(files, { build: { load: false } }))
        expect(await pathsOf(built)).toContain('only-here-1.0.0.jar')
        expect(place.proxy.opened).toContain(`${REGISTRY_HOST}:443`)
        expectNoSecret(built)
        // Only this worker knows the authority.
        const stranger = await testEngine({
          registries: await registryAccess({ maven: { mirror: `${place.direct}/maven` } }),
          cacheFolder,
        })
        const unknown = project(`${MAVEN_GROUP}:only-here:1.0.1`)
        const refused = failureOf(await stranger.build(javaRequest(unknown)))
        await stranger.close()
        expect(refused).toMatchObject({ code: 'REGISTRY_UNAVAILABLE', blame: 'platform' })
      } finally {
        await told.close()
        await place.close()
        await rm(cacheFolder, { recursive: true })
      }
    },
    MINUTES,
  )
})
