import { describe, expect, it } from 'vitest'
import { missing } from './missing.ts'

describe('missing', () => {
  it('names the tool and how to get it, by the kind of machine', () => {
    expect(missing('maven', 'linux')).toEqual({
      title: 'Maven',
      what: 'no Maven here',
      mend: 'apt-get install maven',
    })
    expect(missing('jdk', 'darwin')).toEqual({
      title: 'JDK',
      what: 'no JDK here',
      mend: 'brew install openjdk',
    })
  })

  it('tells no Python from a Python without pip', () => {
    expect(missing('python', 'linux').what).toBe('no Python here')
    expect(missing('pip', 'linux')).toEqual({
      title: 'pip for Python',
      what: 'no pip for Python here',
      mend: 'apt-get install python3-pip',
    })
  })
})
