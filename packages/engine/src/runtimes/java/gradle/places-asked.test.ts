import { expect, test } from 'vitest'
import { treeOf } from '../../../../../../test/harness/subject.ts'
import { placesAsked } from './places-asked.ts'

test('libraries and plugins are found in scripts and catalogues of the build', async () => {
  const files = {
    'app/build.gradle':
      "plugins {\n  id 'com.example.own' version '1'\n}\nimplementation 'a.b:c:1.0'\n",
    'app/build.gradle.kts': 'implementation("d.e:f")\n',
    'app/gradle/libs.versions.toml': '[libraries]\ng = { module = "g.h:i", version = "1" }\n',
    'other/build.gradle': "implementation 'x:y:1'\n",
  }
  expect(await placesAsked(treeOf(files), 'app')).toEqual({
    'com.example.own': 'app/build.gradle:2',
    'a.b:c': 'app/build.gradle:4',
    'd.e:f': 'app/build.gradle.kts:1',
    'g.h:i': 'app/gradle/libs.versions.toml:2',
  })
})
