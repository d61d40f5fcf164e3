import { describe, expect, it } from 'vitest'
import { treeOf } from '../../../../../../test/harness/subject.ts'
import { wrapperOf } from './wrapper.ts'

const PROPERTIES = 'gradle/wrapper/gradle-wrapper.properties'
const JAR = 'gradle/wrapper/gradle-wrapper.jar'

function read(properties: string, root = '') {
  const folder = root === '' ? '' : `${root}/`
  return wrapperOf(treeOf({ [folder + PROPERTIES]: properties, [folder + JAR]: 'jar' }), root)
}

describe('wrapperOf', () => {
  it.each([
    ['distributionUrl=https\\://gradle.example/distributions/gradle-8.5-bin.zip', '8.5', false],
    ['a=b\n distributionUrl : https\\://gradle.example/gradle-8.10.2-all.zip\n', '8.10.2', false],
    ['distributionUrl=https\\://gradle.example/gradle-9.0-rc-1-bin.zip', '9.0-rc-1', false],
    ['distributionUrl=gradle-4.4.1-bin.zip', '4.4.1', true],
    ['distributionUrl=file\\:///opt/gradle-7.6.zip', '7.6', true],
  ])('reads %j', async (text, version, isOwn) => {
    expect(await read(text)).toMatchObject({ jar: JAR, properties: PROPERTIES, version, isOwn })
  })

  it('tells the address without its password', async () => {
    const text = 'distributionUrl=https\\://me:hush@gradle.example/gradle-8.5-bin.zip'
    expect((await read(text))?.address).toBe('https://gradle.example/gradle-8.5-bin.zip')
  })

  it('looks at the root of the project', async () => {
    const found = await read('distributionUrl=gradle-8.5-bin.zip', 'functions/hello')
    expect(found).toMatchObject({ jar: JAR, properties: `functions/hello/${PROPERTIES}` })
  })

  it('is none where the jar was left out of the repository', async () => {
    const tree = treeOf({ [PROPERTIES]: 'distributionUrl=gradle-8.5-bin.zip', gradlew: '' })
    expect(await wrapperOf(tree, '')).toBeUndefined()
  })

  it.each(['', 'distributionUrl=', 'distributionUrl=https\\://gradle.example/latest.zip'])(
    'refuses %j, which names no version',
    async (text) => {
      await expect(read(text)).rejects.toMatchObject({
        code: 'MANIFEST_INVALID',
        message: expect.stringContaining(`${PROPERTIES}: distributionUrl is `),
      })
    },
  )
})
