import type { Words } from '@packline/shared'
import type { Texts } from '../finding.ts'

export const pythonResolveTexts = {
  missing: (path: string, module: string, why: Words) => ({
    message: {
      en: `${path} imports "${module}", ${why.en}`,
      zh: `${path} 导入了 "${module}"，${why.zh}`,
    },
    hint: {
      en: 'Declare it in requirements.txt, put it into the package, or guard the import with try and except ImportError.',
      zh: '在 requirements.txt 中声明它，把它放进包里，或用 try 和 except ImportError 保护这个导入。',
    },
  }),
} satisfies Texts

/** Why an import leads to nothing. */
export const NOT_IMPORTED = {
  otherVersion: (elsewhere: Words, version: string): Words => ({
    en: `which only Python ${elsewhere.en} has in its standard library; the function runs on ${version}`,
    zh: `只有 Python ${elsewhere.zh} 的标准库中有它；函数运行在 ${version} 上`,
  }),
  nowhere: (version: string, hasAttached: boolean): Words => ({
    en: `which is in none of: the package${hasAttached ? ', an attached dependency package' : ''}, the standard library of Python ${version}, the platform's pre-installed libraries`,
    zh: `它不在包里${hasAttached ? '，不在所挂的依赖包里' : ''}，不属于 Python ${version} 的标准库，平台也没有预装`,
  }),
  outOfRoot: (): Words => ({
    en: 'which leads out of the root of the package, where nothing has a parent',
    zh: '它指向部署包根目录之外，而根目录没有上级',
  }),
  notInOwn: (): Words => ({
    en: 'and its own package has no such module',
    zh: '而它自己的包里没有这个模块',
  }),
}
