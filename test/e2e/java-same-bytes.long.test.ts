import type { BuildRequestInput } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import {
  javaRequest,
  LIBRARY,
  WITH_LIBRARY,
} from '../../packages/engine/src/runtimes/java/test/builds.ts'
import { builtElsewhere } from '../harness/build-elsewhere.ts'
import { type NeedName, needs } from '../harness/needs.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

const MINUTES = 8 * 60_000
const HERE = { timeZone: 'UTC', umask: '022' }
const THERE = { timeZone: 'Pacific/Marquesas', umask: '077' }

const SOURCES = {
  'core/src/main/java/lib/Text.java': LIBRARY,
  'core/src/main/resources/词.txt': '你好',
  'app/src/main/java/com/example/Hello.java': WITH_LIBRARY,
}
const JSON_JAR =
  '<groupId>org.json</groupId><artifactId>json</artifactId><version>20240303</version>'
const PARENT = '<groupId>com.example</groupId><artifactId>shop</artifactId><version>1</version>'
const CORE = '<groupId>com.example</groupId><artifactId>core</artifactId><version>1</version>'
const project = (inside: string) => `<project><modelVersion>4.0.0</modelVersion>${inside}</project>`

const PROJECTS: Record<'maven' | 'gradle', Record<string, string>> = {
  maven: {
    ...SOURCES,
    'pom.xml': project(
      `${PARENT}<packaging>pom</packaging><modules><module>core</module><module>app</module></modules>`,
    ),
    'core/pom.xml': project(`<parent>${PARENT}</parent><artifactId>core</artifactId>`),
    'app/pom.xml': project(
      `<parent>${PARENT}</parent><artifactId>app</artifactId><dependencies><dependency>${CORE}</dependency><dependency>${JSON_JAR}</dependency></dependencies>`,
    ),
  },
  gradle: {
    ...SOURCES,
    'settings.gradle': "include 'core', 'app'\n",
    'build.gradle': "subprojects {\n  apply plugin: 'java'\n  repositories { mavenCentral() }\n}\n",
    'app/build.gradle':
      "dependencies {\n  compile project(':core')\n  compile 'org.json:json:20240303'\n}\n",
  },
}

const KINDS = [
  { kind: 'plain sources', files: SOURCES, tools: [] },
  { kind: 'Maven', files: PROJECTS.maven, tools: ['maven'] },
  { kind: 'Gradle', files: PROJECTS.gradle, tools: ['gradle'] },
] satisfies { kind: string; files: Record<string, string>; tools: NeedName[] }[]

describe.for(KINDS)('$kind', ({ files, tools }) => {
  test(
    'gives the same bytes in another folder, time zone and umask, with a cold and a warm cache',
    async (context) => {
      needs(context, 'java', ...tools)
      const requests: BuildRequestInput[] = [javaRequest(files, { build: { load: false } })]
      const cacheFolder = temporaryFolder()
      const here = await builtElsewhere(requests, HERE)
      const cold = await builtElsewhere(requests, { ...THERE, cacheFolder })
      const warm = await builtElsewhere(requests, { ...THERE, cacheFolder })
      expect([cold, warm]).toEqual([here, here])
    },
    MINUTES,
  )
})
