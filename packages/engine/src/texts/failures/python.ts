import type { FailureWords, Words } from '@packline/shared'
import { joined } from '../../words.ts'

const NAME: Words = {
  en: 'Look at the name and the version; the registry lists what there is.',
  zh: '请检查名称和版本；仓库中列有可用的版本。',
}
const WHEEL: Words = {
  en: 'Take a version that has a wheel, or put one into the source and name its path.',
  zh: '请使用有 wheel 的版本，或把 wheel 放进源代码并写明路径。',
}

/** What uv and pip say; `place`: the line that asks for it, `target`: what wheels had to fit. */
export const pythonFailures = {
  notReached: (stage: string, why: string | undefined) => ({
    detail: {
      en: `${stage} could not reach the registry: ${why ?? 'no answer'}`,
      zh: `${stage} 无法访问仓库：${why ?? '没有应答'}`,
    },
  }),
  hashDiffers: (name: string | undefined, place: Words) => ({
    detail: {
      en: `${name} is not the file that the hash names${place.en}`,
      zh: `${name} 不是哈希所指的文件${place.zh}`,
    },
    hint: {
      en: 'Make the hashes anew, and look why the file changed.',
      zh: '请重新生成哈希，并查明该文件为何改变。',
    },
  }),
  noneFits: (name: string | undefined, target: Words, place: Words) => ({
    detail: {
      en: `the registry has no ${name} for ${target.en}${place.en}`,
      zh: `仓库中没有适用于 ${target.zh}的 ${name}${place.zh}`,
    },
    hint: NAME,
  }),
  notBuilt: (name: string | undefined, target: Words, place: Words, why: string | undefined) => ({
    detail: {
      en: `${name} has no wheel for ${target.en}, and could not be built${place.en}: ${why}`,
      zh: `${name} 没有适用于 ${target.zh}的 wheel，也无法构建${place.zh}：${why}`,
    },
    hint: WHEEL,
  }),
  noPackage: (name: string | undefined, place: Words) => ({
    detail: {
      en: `the registry has no package "${name}"${place.en}`,
      zh: `仓库中没有包 "${name}"${place.zh}`,
    },
    hint: NAME,
  }),
  noWheel: (name: string | undefined, target: Words, place: Words) => ({
    detail: {
      en: `${name} has no wheel for ${target.en}${place.en}`,
      zh: `${name} 没有适用于 ${target.zh}的 wheel${place.zh}`,
    },
    hint: WHEEL,
  }),
  noVersion: (wanted: string, place: Words) => ({
    detail: {
      en: `the registry has no ${wanted}${place.en}`,
      zh: `仓库中没有 ${wanted}${place.zh}`,
    },
    hint: NAME,
  }),
  onlyOther: (most: string | undefined, place: Words) => ({
    detail: {
      en: `the registry has only ${most} of what is asked for${place.en}`,
      zh: `所要求的包在仓库中只有 ${most}${place.zh}`,
    },
    hint: NAME,
  }),
  noHash: (name: string | undefined, place: Words) => ({
    detail: {
      en: `${name} has no hash, and others have${place.en}`,
      zh: `${name} 没有哈希，而其他的有${place.zh}`,
    },
    hint: {
      en: 'Give every line its hashes, those of what it needs in turn too (pip-compile --generate-hashes).',
      zh: '请给每一行写上哈希，包括间接依赖（pip-compile --generate-hashes）。',
    },
  }),
  wheelDoesNotFit: (name: string | undefined, target: Words) => ({
    detail: {
      en: `${name ?? 'a wheel'} does not fit ${target.en}`,
      zh: `${name ?? '某个 wheel'} 不适用于 ${target.zh}`,
    },
    hint: {
      en: 'Put the wheel for this Python and platform into the source.',
      zh: '请把适用于该 Python 和平台的 wheel 放进源代码。',
    },
  }),
  /** `lines`: the source's own that take part, with their places; none where they are not known. */
  conflict: (lines: readonly Words[]) => ({
    detail: {
      en: `the dependencies ask for versions of one package that exclude each other${among(lines).en}`,
      zh: `这些依赖对同一个包要求的版本互相排斥${among(lines).zh}`,
    },
    hint: {
      en: 'The last lines of the output name them: loosen one of the versions.',
      zh: '输出的最后几行列出了它们：请放宽其中一个版本。',
    },
  }),
} satisfies Record<string, (...found: never[]) => FailureWords>

function among(lines: readonly Words[]): Words {
  if (lines.length === 0) return { en: '', zh: '' }
  const { en, zh } = joined(lines, ',')
  return { en: `: ${en}`, zh: `：${zh}` }
}

/** What wheels have to fit. */
export function wheelTarget(python: string, architecture: string, glibc: number): Words {
  return {
    en: `Python ${python} on ${architecture} with glibc 2.${glibc}`,
    zh: `Python ${python}（${architecture}、glibc 2.${glibc}）`,
  }
}

/** The line of the source that asks for it; nothing where it is not known. */
export function askedAt(place: string | undefined): Words {
  if (place === undefined) return { en: '', zh: '' }
  return { en: ` (${place})`, zh: `（${place.replace(/, line (\d+)$/, ' 第 $1 行')}）` }
}

/** Behind a pip that is missing where there is a Python. */
export function withoutPipIn(python: string): Words {
  return { en: `: Python ${python} is, but without pip`, zh: `：有 Python ${python}，但没有 pip` }
}
